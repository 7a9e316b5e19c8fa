import type {MemberNode, ObjectNode, ValueNode} from '@humanwhocodes/momoa';
import {dirname, isAbsolute, join, resolve} from 'node:path';
import {ConfigurationError, UsageError} from '../../errors.ts';
import {didYouMean} from '../../job/did-you-mean.ts';
import {jobPath, listJobs} from '../../job/load-jobs.ts';
import {readTextFile} from '../../text-file.ts';
import type {OptionDefinition} from '../option-kinds.ts';
import {everyOption, settingOptions} from './setting-options.ts';
import {fits} from './fits.ts';

const settingsFileName = 'bulk42.json';

/** What a settings file says of all jobs and of single ones: option by option, as it would be typed. */
export interface Level {
  values: Readonly<Record<string, unknown>>;
  jobs: Readonly<Record<string, Level['values']>>;
}

export interface SettingsFile {
  /** As messages name it. */
  path: string;
  text: string;
  general: Level;
  profiles: Readonly<Record<string, Level>>;
}

/**
 * The settings file that is named, or `bulk42.json` of the working folder, where there is one.
 *
 * @throws ConfigurationError (exit 78) that names file, line and key of the first thing that is wrong
 */
export async function readSettingsFile(given: string | undefined): Promise<SettingsFile | undefined> {
  const path = given ?? settingsFileName;
  const file = readTextFile(resolve(path), 'settings');
  if (file) return new Reader(path, file.text).read();
  if (given === undefined) return undefined;
  throw new ConfigurationError(`there is no file ${path}`, {
    code: 'settings_missing',
    hint: 'check the path after --config',
  });
}

/** @throws ConfigurationError where a file that others may be given holds what is to be kept secret */
export function refuseSecrets({path, text}: SettingsFile, secret: string | undefined): void {
  const secrets = [/s-s4t2[a-z]{2}-[0-9a-f]{16}/i, /:\/\/[^/\s"@]*:[^/\s"@]*@/];
  const at = Math.max(...secrets.map((each) => text.search(each)), secret ? text.indexOf(secret) : -1);
  if (at >= 0) throw secretIn(`${path}:${text.slice(0, at).split('\n').length}`, 'it holds a secret');
}

const secretIn = (place: string, what: string) =>
  new ConfigurationError(`${place}: ${what}, and settings files are passed on`, {
    code: 'settings_secret',
    hint: 'set it in the environment or in an env file (chmod 600): FORTYTWO_SECRET, BULK42_REDIS_URL',
  });

class Reader {
  readonly #path: string;
  readonly #text: string;

  constructor(path: string, text: string) {
    this.#path = path;
    this.#text = text;
  }

  async read(): Promise<SettingsFile> {
    // Loaded here, since most commands find no file.
    const momoa = await import('@humanwhocodes/momoa');
    const body = this.#parse(momoa.parse);
    const jobNames = await listJobs();
    const values = (node: ObjectNode, key: string, others: readonly string[] = []) =>
      Object.fromEntries(
        node.members
          .filter((member) => !others.includes(nameOf(member)))
          .map((member) => [nameOf(member), this.#value(member, key, momoa.evaluate, others)]),
      );
    const level = (node: ObjectNode, key: string, others: readonly string[]): Level => ({
      values: values(node, key, ['jobs', ...others]),
      jobs: this.#objects(node, `${key}jobs`, (job, name, member) => {
        if (!jobPath.test(name) && !jobNames.includes(name))
          throw this.#refuse(
            member,
            `${key}jobs.${name} names no job`,
            didYouMean(name, jobNames) ?? `jobs: ${jobNames.join(', ')}`,
          );
        return values(job, `${key}jobs.${name}.`);
      }),
    });
    return {
      path: this.#path,
      text: this.#text,
      general: level(body, '', ['profiles', '$schema']),
      profiles: this.#objects(body, 'profiles', (node, name) => level(node, `profiles.${name}.`, [])),
    };
  }

  #parse(parse: typeof import('@humanwhocodes/momoa').parse): ObjectNode {
    try {
      return this.#object(parse(this.#text).body, 'a settings file');
    } catch (error) {
      if (error instanceof ConfigurationError) throw error;
      const {message, line = 1, column = 1} = error as Error & {line?: number; column?: number};
      throw this.#refuse({loc: {start: {line, column}}}, `no JSON: ${message.replace(/ \(\d+:\d+\)$/, '')}`);
    }
  }

  /** The members of an object in an object. `key` is the way to it, and its own name the last part of that. */
  #objects<T>(
    node: ObjectNode,
    key: string,
    read: (node: ObjectNode, name: string, member: MemberNode) => T,
  ): Record<string, T> {
    const own = node.members.find((member) => nameOf(member) === key.split('.').at(-1));
    const members = own ? this.#object(own.value, key).members : [];
    return Object.fromEntries(
      members.map((member) => {
        const name = nameOf(member);
        return [name, read(this.#object(member.value, `${key}.${name}`), name, member)];
      }),
    );
  }

  #object(node: ValueNode, key: string): ObjectNode {
    if (node.type === 'Object') return node;
    throw this.#refuse(node, `${key} takes an object`, '{"per-second": 2, "jobs": {"users": {"limit": 10}}}');
  }

  #value(
    member: MemberNode,
    before: string,
    evaluate: typeof import('@humanwhocodes/momoa').evaluate,
    others: readonly string[],
  ): unknown {
    const name = nameOf(member);
    const key = `${before}${name}`;
    const definition = Object.hasOwn(settingOptions, name) ? settingOptions[name] : undefined;
    if (!definition) throw this.#unknown(member, key, others);
    const value = evaluate(member.value) as unknown;
    const takes = definition.isRepeatable ? 'an object whose keys are columns' : definition.takes;
    if (!fits(definition.json ?? {}, value))
      throw this.#refuse(member.value, `${key} takes ${takes}, not ${JSON.stringify(value)}`);
    const typed = asTyped(definition, value);
    try {
      definition.coerce?.(typed);
      return this.#fromHere(definition, typed);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      throw this.#refuse(member.value, error.message.replace(/^--\S+/, key));
    }
  }

  /** A path starts from the folder of the file that holds it. */
  #fromHere({isPath}: OptionDefinition, value: unknown): unknown {
    return isPath && !isAbsolute(String(value)) ? join(dirname(this.#path), String(value)) : value;
  }

  #unknown(member: MemberNode, key: string, others: readonly string[]): ConfigurationError {
    const name = nameOf(member);
    const typedOnly = Object.hasOwn(everyOption, name) && everyOption[name]?.typedOnly;
    if (typedOnly) return this.#refuse(member, `${key} cannot stand here: ${typedOnly}`, `type --${name}`);
    if (/secret|password|token|^fortytwo_/i.test(name))
      return secretIn(this.#placeOf(member), `${key} is a secret`);
    const known = [...Object.keys(settingOptions), ...others];
    const hint =
      didYouMean(name, known) ?? 'bulk42 config lists the keys, docs/configuration.md explains them';
    return this.#refuse(member, `there is no setting ${key}`, hint);
  }

  #refuse(node: Place, message: string, hint?: string): ConfigurationError {
    return new ConfigurationError(`${this.#placeOf(node)}: ${message}`, {
      code: 'settings',
      hint: hint ?? 'docs/configuration.md shows what each setting takes',
    });
  }

  #placeOf({loc: {start}}: Place): string {
    return `${this.#path}:${start.line}:${start.column}`;
  }
}

interface Place {
  loc: {start: {line: number; column: number}};
}

function nameOf({name}: MemberNode): string {
  return name.type === 'String' ? name.value : name.name;
}

/** A value of the file as it would be typed. */
function asTyped({isRepeatable}: OptionDefinition, value: unknown): unknown {
  if (Array.isArray(value)) return isRepeatable ? value : value.join(',');
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value).map(([column, each]) => `${column}=${String(each)}`);
}
