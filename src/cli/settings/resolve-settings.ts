import {dirname, resolve} from 'node:path';
import {defaultEnvFile, type Origin, readVariables, type Variable} from '../../config.ts';
import {ConfigurationError} from '../../errors.ts';
import {didYouMean} from '../../job/did-you-mean.ts';
import {jobPath} from '../../job/load-jobs.ts';
import {readJournalEnds} from '../../runs/read-journal-ends.ts';
import {findRun} from '../../runs/run-directory.ts';
import type {OptionSet} from '../option-kinds.ts';
import {type Level, readSettingsFile, refuseSecrets, type SettingsFile} from './settings-file.ts';

/** One value in force. */
export interface Setting {
  option: string;
  /** For an option whose values add up: the column that this one is for. */
  column?: string;
  /** As it is written. */
  text: unknown;
  /** As it is read. */
  value: unknown;
  origin: Origin;
}

export interface Settings {
  /** The path of the settings file. */
  file: string | undefined;
  profile: string | undefined;
  all: readonly Setting[];
  variables: (name: string) => Variable | undefined;
}

/** Values from one place, by option, as they are written. */
interface Layer {
  values: Readonly<Record<string, unknown>>;
  originOf: (option: string) => Origin;
}

/** What is typed: options, and arguments such as the job. */
export type Typed = Readonly<Record<string, unknown>>;

/**
 * The settings of one command. Of the places that hold an option the first counts: command line, environment, profile,
 * settings file, default; in a profile and in the file what is for the job goes before what is for all.
 *
 * @throws ConfigurationError (exit 78), or UsageError for what is typed
 */
export async function resolveSettings(options: OptionSet, usage: string, typed: Typed): Promise<Settings> {
  const file = await readSettingsFile(typed['config'] as string | undefined);
  const resolveWith = (envFile: string, job?: string): Settings => {
    const variables = readVariables(envFile);
    const profile = (typed['profile'] as string | undefined) ?? variables('BULK42_PROFILE')?.value;
    const layers = [
      typedLayer(typed),
      environmentLayer(options, variables),
      ...(profile === undefined ? [] : levelLayers(file, profileOf(file, profile), {profile, job})),
      ...levelLayers(file, file?.general, {job}),
      defaultLayer(options),
    ];
    return {file: file?.path, profile, all: merge(options, layers), variables};
  };
  const envFileOf = ({all}: Settings) => valueOf(all, 'env-file') as string;
  const before = typed['env-file'] ?? file?.general.values['env-file'] ?? defaultEnvFile;
  const usual = resolveWith(before as string);
  if (!file) return usual;
  const job = hasJobs(file) ? await jobOf(usage, typed, usual) : undefined;
  const settings = resolveWith(envFileOf(resolveWith(envFileOf(usual), job)), job);
  refuseSecrets(file, settings.variables('FORTYTWO_SECRET')?.value);
  return settings;
}

/** Of a command that reads no file. */
export function defaultSettings(options: OptionSet, typed: Typed): Settings {
  const all = merge(options, [typedLayer(typed), defaultLayer(options)]);
  return {file: undefined, profile: undefined, all, variables: () => undefined};
}

/** The values in the form that handlers take: by option. */
export function valuesOf(all: readonly Setting[]): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const {option, column, value} of all)
    values[option] = column === undefined ? value : {...(values[option] as object), [column]: value};
  return values;
}

/** Where each option has its value from. */
export function originsOf(all: readonly Setting[]): Record<string, Origin> {
  return Object.fromEntries(all.map(({option, origin}) => [option, origin]));
}

const same = (value: unknown) => value;

const valueOf = (all: readonly Setting[], name: string) => all.find(({option}) => option === name)?.value;

function merge(options: OptionSet, layers: readonly Layer[]): Setting[] {
  return Object.entries(options).flatMap(([option, {coerce = same, isRepeatable, typedOnly}]) => {
    const found = layers.flatMap(({values, originOf}): Setting[] => {
      const origin = originOf(option);
      const isKept = typedOnly !== undefined && (origin.from === 'profile' || origin.from === 'file');
      const text = values[option];
      return text === undefined || isKept ? [] : [{option, text, value: coerce(text) as unknown, origin}];
    });
    if (!isRepeatable) return found.slice(0, 1);
    const columns = new Map<string, Setting>();
    for (const setting of found) {
      for (const [column, value] of Object.entries(setting.value as object))
        if (!columns.has(column)) columns.set(column, {...setting, column, text: value, value});
    }
    return [...columns.values()];
  });
}

const typedLayer = (typed: Typed): Layer => ({
  values: typed,
  originOf: (option) => ({from: 'option', key: `--${option}`}),
});

function environmentLayer(options: OptionSet, variables: Settings['variables']): Layer {
  const found = Object.entries(options).flatMap(([option, {variable}]) => {
    const known = variable === undefined ? undefined : variables(variable);
    return known ? [{option, key: variable, ...known}] : [];
  });
  return {
    values: Object.fromEntries(found.map(({option, value}) => [option, value])),
    originOf: (name) => {
      const {key, file} = found.find(({option}) => option === name) ?? {};
      return {from: 'environment', ...(key && {key}), ...(file && {file})};
    },
  };
}

const defaultLayer = (options: OptionSet): Layer => ({
  values: Object.fromEntries(Object.entries(options).map(([option, {default: usual}]) => [option, usual])),
  originOf: () => ({from: 'default'}),
});

/** What a level says of the job, and then of all. */
function levelLayers(
  file: SettingsFile | undefined,
  level: Level | undefined,
  {profile, job}: {profile?: string; job: string | undefined},
): Layer[] {
  if (!file || !level) return [];
  const from = profile === undefined ? 'file' : 'profile';
  const before = profile === undefined ? '' : `profiles.${profile}.`;
  const layer = (values: Layer['values'], key: string): Layer => ({
    values,
    originOf: (option) => ({from, file: file.path, key: `${key}${option}`}),
  });
  const ofJob = Object.entries(level.jobs).filter(([name]) => isSameJob(name, job, file));
  return [
    ...ofJob.map(([name, values]) => layer(values, `${before}jobs.${name}.`)),
    layer(level.values, before),
  ];
}

function isSameJob(name: string, job: string | undefined, {path}: SettingsFile): boolean {
  if (job === undefined || !jobPath.test(name)) return name === job;
  return resolve(dirname(path), name) === resolve(job);
}

function profileOf(file: SettingsFile | undefined, profile: string): Level {
  const {profiles = {}} = file ?? {};
  const found = Object.hasOwn(profiles, profile) && profiles[profile];
  if (found) return found;
  const names = Object.keys(profiles);
  throw new ConfigurationError(
    `there is no profile ${profile}${file ? ` in ${file.path}` : ', since there is no bulk42.json'}`,
    {
      code: 'profile',
      hint:
        didYouMean(profile, names) ??
        (names.length > 0
          ? `profiles: ${names.join(', ')}`
          : 'add it, or leave out --profile and BULK42_PROFILE'),
    },
  );
}

const hasJobs = ({general, profiles}: SettingsFile) =>
  [general, ...Object.values(profiles)].some(({jobs}) => Object.keys(jobs).length > 0);

/** The job that a command is about: the one that is named, or that of its run. */
async function jobOf(usage: string, typed: Typed, {all}: Settings): Promise<string | undefined> {
  if (/[<[]job[>\]]/.test(usage)) return typed['job'] as string | undefined;
  if (!usage.includes('<run>')) return undefined;
  const [out, rehearsal] = [String(valueOf(all, 'out')), Boolean(valueOf(all, 'sandbox'))];
  try {
    const {header} = await readJournalEnds((await findRun(String(typed['run']), out, rehearsal)).journal);
    return header?.jobFile ?? header?.job;
  } catch {
    // The command itself reports it.
    return undefined;
  }
}
