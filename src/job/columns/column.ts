import type {FileRef} from '../../http/request.ts';
import type {ParseContext, Problem, Scalar, Value, Values} from '../row.ts';
import type {Rule} from '../rules.ts';
import {foldText} from './characters.ts';

export type CellValue = Scalar | FileRef;
type Plain = NonNullable<Scalar>;

/** What all columns of one sort share: how a cell is read, shown to people and compared. */
export interface Kind {
  type: string;
  /** The type in words, for help and docs: "id or login of a user". */
  words: string;
  example: string;
  /** `column`: its name in the header, whose dates may have an order of their own. */
  parse(cell: string, context: ParseContext, column: string): CellValue | Problem;
  /** A name that a computer compares: characters that are not visible, or look like others, are refused. */
  isIdentifier?: boolean;
  /** A day or a moment: its order may be that of a country, and to parse it costs more than to look it up. */
  isDate?: true;
  /** Does the API show what the row wants? Default: the same text. */
  same?(wanted: Plain, shown: Plain): boolean;
  /** What was corrected while parsing, if anything. */
  note?(cell: string, value: CellValue, context: ParseContext, column: string): string | undefined;
  /** The limits of the file that the cell names. */
  file?: FileLimits;
}

/** Sizes in bytes; types as media types. */
export interface FileLimits {
  minBytes: number;
  maxBytes: number;
  types: readonly string[];
}

interface Traits {
  required?: true;
  nullable?: true;
  default?: Scalar;
  secret?: true;
  instruction?: true;
  example?: string;
  aliases?: readonly string[];
}

/**
 * One field that a row may carry. Immutable: each modifier gives a new column. `T` is what `request` receives,
 * `F` whether it is always there (required or with a default).
 */
export class Column<T = unknown, F extends boolean = boolean> {
  declare readonly type: T;
  readonly kind: Kind;
  readonly about: string;
  readonly filled: F;
  readonly traits: Traits;

  constructor(kind: Kind, about: string, filled: F, traits: Traits = {}) {
    this.kind = kind;
    this.about = about;
    this.filled = filled;
    this.traits = traits;
  }

  get example(): string {
    return this.traits.example ?? this.kind.example;
  }

  /** An empty cell is an error. Inside a group: of every filled element of it. */
  required(): Column<T, true> {
    return new Column(this.kind, this.about, true, {...this.traits, required: true});
  }

  /** `<clear>` sends null: only for fields that the endpoint document marks "nil allowed". */
  nullable(): Column<T | null, F> {
    return new Column(this.kind, this.about, this.filled, {...this.traits, nullable: true});
  }

  /** Sent when the cell is empty. */
  default(value: T & Scalar): Column<T, true> {
    return new Column(this.kind, this.about, true, {...this.traits, default: value});
  }

  /** Never printed, logged, reported or kept; read without trimming. */
  secret(): Column<T, F> {
    return new Column(this.kind, this.about, this.filled, {...this.traits, secret: true, example: ''});
  }

  /** Tells the API how to write and is not stored: never compared with what the API shows. */
  instruction(): Column<T, F> {
    return new Column(this.kind, this.about, this.filled, {...this.traits, instruction: true, example: ''});
  }

  /** The cell of the template; '' leaves it empty. */
  withExample(cell: string): Column<T, F> {
    return new Column(this.kind, this.about, this.filled, {...this.traits, example: cell});
  }

  /** Other names of the column in the headers of files, beside those that its field has in every job. */
  alias(...aliases: readonly string[]): Column<T, F> {
    return new Column(this.kind, this.about, this.filled, {...this.traits, aliases});
  }

  same(wanted: CellValue, shown: Value): boolean {
    if (wanted === null) return shown === null || shown === '';
    if (typeof shown === 'object' || typeof wanted === 'object') return false;
    return this.kind.same?.(wanted, shown) ?? foldText(String(shown)) === foldText(String(wanted));
  }
}

export type Fields = {readonly [field: string]: Column};

/** Dotted columns: `user_candidature.birth_date`. */
export interface One<C extends Fields = Fields> {
  readonly group: 'one';
  readonly fields: C;
  readonly rules: readonly Rule[];
}

/** Numbered columns: `cursus_users.0.cursus_id`. */
export interface Many<C extends Fields = Fields> {
  readonly group: 'many';
  readonly fields: C;
  readonly rules: readonly Rule[];
  /** What makes two elements the same one: alternatives, the first whose fields are all filled. */
  readonly identity: readonly (readonly string[])[];
  /** The field that asks for an element's removal, if there is one. */
  readonly destroy?: string;
}

export type Group = One | Many;
export type Columns = {readonly [name: string]: Column | Group};

export function isGroup(column: Column | Group): column is Group {
  return 'group' in column;
}

type ValueOf<X> =
  X extends Column<infer T>
    ? T
    : X extends One<infer C>
      ? RowOf<C>
      : X extends Many<infer C>
        ? RowOf<C>[]
        : never;

type Filled<C> = {[K in keyof C]: C[K] extends Column<unknown, true> ? K : never}[keyof C];

/** The row that `request` receives, worked out from the columns. */
export type RowOf<C> = {[K in Filled<C>]: ValueOf<C[K]>} & {
  [K in Exclude<keyof C, Filled<C>>]?: ValueOf<C[K]>;
};

/** A group's elements in a row: one for `one`, any number for `many`. */
export function elementsOf(values: Values, group: string): Values[] {
  const held = values[group];
  if (Array.isArray(held)) return held;
  return typeof held === 'object' && held !== null ? [held as Values] : [];
}
