import {findMisleading, replaceLookAlikes} from '../columns/characters.ts';
import {isGroup, type Group} from '../columns/column.ts';
import {didYouMean} from '../did-you-mean.ts';
import {foldName, isBookkeeping, isForbiddenName} from './header-name.ts';
import type {Job, LeafColumn} from '../job.ts';
import {columnCalled} from './other-names.ts';
import type {Issue} from '../row.ts';
import type {RowShape, Slot} from './row-shape.ts';
import {shellQuote} from '../../shell-quote.ts';

export interface HeaderOptions {
  /** Column to header. */
  map: Readonly<Record<string, string>>;
  /** Column to the value of every empty cell. */
  set: Readonly<Record<string, string>>;
  ignoreUnknown: boolean;
}

/** Finds the job's columns in a CSV header, or everything that is wrong with it; `partial` is what was found all the same. */
export function matchHeader(
  job: Job,
  header: readonly string[],
  options: HeaderOptions,
): {shape: RowShape} | {problems: Issue[]; partial: RowShape} {
  const width = header.findLastIndex((name) => name.trim() !== '') + 1;
  const names = header.slice(0, width);
  const matching = new Matching(job);
  matching.checkNames(names);
  const taken = matching.takeMapped(names, options.map);
  const others = [...names.entries()].filter(
    ([at, name]) => !taken.has(at) && !matching.takeHeader(name, at),
  );
  matching.takeOthers(others, options.ignoreUnknown);
  matching.takeSet(options.set);
  const shape = {...matching.shape(), width};
  return matching.problems.length > 0 ? {problems: matching.problems, partial: shape} : {shape};
}

interface Found {
  leaf: LeafColumn;
  name: string;
  index: number | undefined;
}

function byFoldedName(leaves: readonly LeafColumn[]): ReadonlyMap<string, LeafColumn> {
  return new Map(leaves.map((leaf) => [foldName(leaf.name), leaf]));
}

class Matching {
  readonly problems: Issue[] = [];
  readonly #aliased: RowShape['aliased'][number][] = [];
  readonly #job: Job;
  readonly #leaves: ReadonlyMap<string, LeafColumn>;
  readonly #ignorable: ReadonlyMap<string, LeafColumn>;
  readonly #unknownHeaders: string[] = [];
  readonly #ignored: RowShape['ignored'][number][] = [];
  readonly #slots = new Map<string, Slot>();
  /** Numbers seen per group. */
  readonly #numbers = new Map<string, Set<number>>();
  readonly #keys: ReadonlySet<string>;

  constructor(job: Job) {
    this.#job = job;
    this.#leaves = byFoldedName(job.columns);
    this.#ignorable = byFoldedName(job.ignored ?? []);
    this.#keys = new Set(job.definition.keys.flat());
  }

  checkNames(names: readonly string[]): void {
    const first = new Map<string, string>();
    names.forEach((name, at) => {
      const folded = foldName(name);
      const misleading = this.#misleading(name);
      if (folded === '') {
        const column = `column ${at + 1}`;
        this.#report(column, 'empty_header', 'has no name in the header', 'name it or remove the column');
      } else if (misleading !== undefined) {
        this.#report(name, 'misleading_character', misleading, 'type the name again instead of copying it');
      } else if (isForbiddenName(name)) {
        this.#report(name, 'forbidden_header', 'not allowed as a column name', 'remove the column');
      } else if (!isBookkeeping(name)) {
        const before = first.get(folded);
        if (before === undefined) first.set(folded, name);
        else {
          const alike = before === name ? 'twice in the header' : `the same column as ${before}`;
          this.#report(name, 'duplicate_column', alike, 'keep one of the two');
        }
      }
    });
  }

  /** A look-alike matters where the name would be that of a column without it. */
  #misleading(name: string): string | undefined {
    const found = findMisleading(name);
    return found?.endsWith('not visible') || this.#find(replaceLookAlikes(name)) ? found : undefined;
  }

  /** The header positions that `--map` uses. */
  takeMapped(names: readonly string[], map: HeaderOptions['map']): Set<number> {
    const taken = new Set<number>();
    for (const [column, header] of Object.entries(map)) {
      const found = this.#find(column);
      const at = names.findIndex((name) => foldName(name) === foldName(header));
      if (!found && this.#findLeaf(column, this.#ignorable)) {
        taken.add(at);
        continue;
      }
      if (!found) this.#unknown(column, 'unknown_map', `--map names a column that the job does not have`);
      if (at >= 0) {
        taken.add(at);
        if (found) this.#place(found, at);
      } else {
        const message = `--map names the header ${header}, which the file does not have`;
        const hint = didYouMean(header, names) ?? 'name a header of the file after the =';
        this.#report(column, 'unknown_map', message, hint);
      }
    }
    return taken;
  }

  /** Whether that is settled: a column of the job, or none that the job could have. */
  takeHeader(name: string, at: number): boolean {
    if (foldName(name) === '' || isBookkeeping(name) || isForbiddenName(name)) return true;
    const found = this.#find(name);
    const ignored = found ? undefined : this.#findLeaf(name, this.#ignorable);
    if (ignored) this.#ignored.push({at, header: name, leaf: ignored});
    if (!found) return ignored !== undefined;
    // Two headers that fold alike were reported with the names; this is a header beside its own --map.
    if (!this.#slots.has(found.name)) this.#place(found, at);
    else if (!this.problems.some((problem) => problem.column === name)) {
      const message = `--map reads ${found.name} from elsewhere`;
      this.#report(name, 'duplicate_column', message, 'remove the column or the --map');
    }
    return true;
  }

  /** Headers that are no column's name: another name of one, or unknown. */
  takeOthers(others: readonly (readonly [number, string])[], ignoreUnknown: boolean): void {
    const meant = new Map(others.map(([, name]) => [name, this.#aliasOf(name)]));
    for (const [at, name] of others) {
      const found = meant.get(name);
      const rivals = found && others.filter(([, other]) => meant.get(other)?.name === found.name);
      const ignored = found ? undefined : columnCalled(name, this.#job.ignored ?? []);
      if (ignored) this.#ignored.push({at, header: name, leaf: ignored});
      else if (!found) {
        if (ignoreUnknown) this.#unknownHeaders.push(name);
        else if (this.#misleading(name) === undefined)
          this.#unknown(name, 'unknown_column', `the job ${this.#job.name} has no such column`);
      } else if (rivals?.[0]?.[0] === at) {
        this.#place(found, at);
        this.#aliased.push({column: found.name, header: name});
      } else {
        const message = `another name of ${found.name}, as ${rivals?.[0]?.[1]} is`;
        const hint = `say which it is, as in --map ${found.name}=${shellQuote(name)} --ignore-unknown`;
        this.#report(name, 'duplicate_column', message, hint);
      }
    }
  }

  /** The one column without a header of its own that is also called so. */
  #aliasOf(name: string): Found | undefined {
    const leaf = columnCalled(
      name,
      this.#job.columns.filter((each) => !this.#slots.has(each.name)),
    );
    return leaf && this.#find(leaf.name);
  }

  takeSet(set: HeaderOptions['set']): void {
    for (const [column, value] of Object.entries(set)) {
      const found = this.#find(column);
      if (!found && this.#findLeaf(column, this.#ignorable)) continue;
      if (!found) {
        this.#unknown(column, 'unknown_set', `--set names a column that the job does not have`);
      } else if (found.leaf.column.traits.secret) {
        const message = 'a secret must not stand on a command line, where other users can read it';
        this.#report(column, 'secret_set', message, 'put it into a column of the file');
      } else {
        this.#place(found, this.#slots.get(found.name)?.at ?? -1, value);
      }
    }
  }

  /** Adds columns that the file does not have but that have a default, and reports those that are missing. */
  shape(): Omit<RowShape, 'width'> {
    const slots: Slot[] = [];
    const groups: RowShape['groups'][number][] = [];
    for (const [name, definition] of Object.entries(this.#job.definition.columns)) {
      if (!isGroup(definition)) {
        slots.push(...this.#slotsOf([name]));
        continue;
      }
      const elements = this.#elementNames(name, definition).map((prefix) =>
        this.#slotsOf(Object.keys(definition.fields).map((field) => prefix + field)),
      );
      if (elements.length > 0) groups.push({name, definition, elements});
    }
    this.#checkKeys();
    return {
      job: this.#job,
      slots,
      groups,
      unknown: this.#unknownHeaders,
      ignored: this.#ignored,
      aliased: this.#aliased,
    };
  }

  #elementNames(name: string, definition: Group): string[] {
    const numbers = [...(this.#numbers.get(name) ?? [])].toSorted((a, b) => a - b);
    if (definition.group === 'one') return numbers.length === 0 ? [] : [`${name}.`];
    const gap = numbers.findIndex((number, position) => number !== position);
    if (gap >= 0) {
      const message = `there is no ${name}.${gap}`;
      this.#report(`${name}.${numbers[gap]}`, 'numbering_gap', message, 'number from 0 without gaps');
    }
    return numbers.map((number) => `${name}.${number}.`);
  }

  #slotsOf(names: readonly string[]): Slot[] {
    return names.flatMap((name) => {
      const slot = this.#slots.get(name);
      if (slot) return [slot];
      const found = this.#find(name);
      if (found?.leaf.column.traits.default !== undefined) return [this.#slot(found, -1, '')];
      if (found?.leaf.column.traits.required && !this.#isAlternativeKey(name)) {
        const isUser = found.leaf.column.kind.type === 'user';
        const other = isUser ? `name the one that holds it: --map ${name}=…` : `--set ${name}=…`;
        this.#report(
          name,
          'missing_column',
          'required, and not in the header',
          `add the column, or ${other} (${found.leaf.column.about})`,
        );
      }
      return [];
    });
  }

  #isAlternativeKey(name: string): boolean {
    return this.#job.definition.keys.length > 1 && this.#keys.has(name);
  }

  #checkKeys(): void {
    const {keys} = this.#job.definition;
    if (keys.length < 2 || keys.some((key) => key.every((column) => this.#slots.has(column)))) return;
    const hint = `add a column: ${keys.map((key) => key.join(' + ')).join(' or ')}`;
    this.#report(keys[0]?.[0] ?? '', 'missing_column', 'nothing says which record is meant', hint);
  }

  #find(text: string): Found | undefined {
    const leaf = this.#findLeaf(text, this.#leaves);
    if (!leaf) return undefined;
    const index = leaf.group?.definition.group === 'many' ? Number(text.split('.')[1]) : undefined;
    return {leaf, name: leaf.name.replace('.N.', `.${index}.`), index};
  }

  #findLeaf(text: string, leaves: ReadonlyMap<string, LeafColumn>): LeafColumn | undefined {
    const [name = '', number = '', field] = foldName(text).split('.');
    const numbered = field !== undefined && /^(?:0|[1-9]\d{0,2})$/.test(number);
    const leaf = leaves.get(numbered ? `${name}.n.${field}` : foldName(text));
    return (leaf?.group?.definition.group === 'many') === numbered ? leaf : undefined;
  }

  #place(found: Found, at: number, fallback = ''): void {
    this.#slots.set(found.name, this.#slot(found, at, fallback));
    const group = found.leaf.group?.name;
    if (group !== undefined)
      this.#numbers.set(group, (this.#numbers.get(group) ?? new Set()).add(found.index ?? 0));
  }

  #slot({leaf, name}: Found, at: number, fallback: string): Slot {
    const clearable = leaf.column.traits.nullable === true && !this.#keys.has(name);
    return {name, field: leaf.field, column: leaf.column, at, fallback, clearable};
  }

  #unknown(text: string, code: string, message: string): void {
    const names = this.#job.columns.map((leaf) => leaf.name.replace('.N.', '.0.'));
    const others =
      code === 'unknown_column'
        ? `to read it, --map COLUMN=${shellQuote(text)}; to leave it out, --ignore-unknown`
        : `bulk42 jobs ${this.#job.reference} lists the columns`;
    const numberless = this.#leaves.get(foldName(text))
      ? `number it from 0: ${text.replace(/\.N\./i, '.0.')}`
      : undefined;
    this.#report(text, code, message, numberless ?? didYouMean(text, names) ?? others);
  }

  #report(column: string, code: string, message: string, hint: string): void {
    this.problems.push({column, value: '', code, message, hint});
  }
}
