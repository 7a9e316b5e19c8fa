import type {ApiRequest} from '../http/request.ts';
import type {Columns, RowOf} from './columns/column.ts';
import type {Values} from './row.ts';
import type {Rule} from './rules.ts';

/** One API operation: its columns, how a row becomes a request, and where its effect can be read. */
interface Definition<C extends Columns, Row, Name extends string> {
  /** One line without a full stop: "Pair students with their godfathers". */
  summary: string;
  /** What the endpoint's document asks for. `update` and `remove`: what these ask for instead, where it is something else. */
  needs: {
    /** Any one of them. */
    roles: readonly string[];
    /** All of them. */
    scopes?: readonly string[];
    update?: {scopes: readonly string[]};
    remove?: {roles: readonly string[]};
  };
  columns: C;
  /** What names a row's target: alternatives, the first whose columns are all filled. */
  keys: readonly (readonly Name[])[];
  rules?: readonly Rule[];
  /** An id that the API knows by other columns of the row, for rows that leave it out. */
  lookUp?: {column: Name; list: readonly string[]; by: {readonly [filter: string]: Name}};
  /** Pure. The path is below `/v2`; the body is the JSON tree with its root key. */
  request(row: Row): ApiRequest;
  /**
   * Of a PUT: whether sending it twice does no harm. Default: yes. One that adds nested records is not idempotent, and is
   * sent again as carefully as a POST, which never is.
   */
  isIdempotent?(row: Row): boolean;
  /** Where the effect can be read: before a run, in doubt, and after it. Empty: it cannot be read. */
  readBack: readonly ReadBackQueryOf<Name, Row>[];
  /** Ask for the number of rows to be typed before sending. */
  confirm?: 'count';
  /** A repeat counts twice. `column` holds what the confirmation adds up, in this unit: 1,240 wallets. */
  additive?: {column: Name; unit: string};
  response?: ResponseFacts;
  /** Gives an existing record the values of a row: those that change, without its key. Users are ids by now. */
  update?(id: number, row: Partial<Row>): ApiRequest;
  /**
   * Removes a record of this job by its id: requests in order, each harmless to send twice. User columns of the row may
   * still hold logins; `now` is for endpoints that look at dates.
   */
  remove?(id: number, row: Values, now: Date): ApiRequest[];
  /** They may concern another record, since no document says whose id they take: a success is read back. */
  isRemovalUnproven?: true;
  /** What else the API does, each in a sentence without a full stop: "mails the student". For help and docs. */
  effects?: readonly string[];
  /** What the endpoint's documents leave open, or contradict, each in a sentence without a full stop. */
  caveats?: readonly string[];
}

/** What the response to a creation holds. Without this: the new record with its id. */
export interface ResponseFacts {
  /** It names no record: any 2xx that is no web page is a success. */
  isEmpty?: true;
  /** Fields that the report shows as `bulk42_<field>`. */
  fields?: readonly string[];
  /** A list with a filter `id` that shows these fields, for records whose response was lost. */
  list?: readonly string[];
}

/** A list of records that shows what a row did. */
interface ReadBackQueryOf<Name extends string, Row> {
  /**
   * The path of the list below `/v2`. A segment `:column` stands for the row's value: such a list is read once for each
   * parent, and its items count as the parent's.
   */
  list: readonly string[];
  /**
   * Filter name to column, which also separates a row's items from others. The first one is batched, the others are sent
   * as the distinct values of the batch. It may be empty below a parent: then all items there are the row's.
   */
  by: {readonly [filter: string]: Name};
  /** The list takes no filters: `by` only says whose an item is. */
  isUnfiltered?: true;
  /** The document lists a sort: several pages are asked for in this order. */
  sort?: 'id';
  /** What it shows counts, and finding nothing proves nothing: it is read only of rows in doubt. */
  provesOnlyPresence?: true;
  /** The application needs one of these roles to read it. Default: none. */
  roles?: readonly string[];
  /** Each item is wrapped in an object with this key. */
  root?: string;
  /** Further filters. Rows that differ in them are read by different requests. */
  where?(row: Row): {[filter: string]: string};
  /** Where only `where` knows what an item is: filters that none of them passes, to see that the server heeds them. */
  otherWhere?(row: Row): {[filter: string]: string};
  /** Whether this list shows anything of the row. */
  when?(row: Row): boolean;
  /** The path of the one record, for when the list is refused. */
  one?(row: Row): (string | number)[];
  /** What an item proves, in the columns' own names, key and `by` columns included. What it leaves out is unreadable. */
  observe(item: unknown, where: Readonly<Record<string, string>>): Values;
  /** What finding nothing proves: no cursus at all. Default: nothing. */
  absentMeans?: Values;
  /** Default: the item's `id`. */
  id?(item: unknown): number;
}

export type JobDefinition<C extends Columns> = Definition<C, RowOf<C>, keyof C & string>;

/** A definition whose columns are known only at run time. */
export type AnyJobDefinition = Definition<Columns, Values, string>;
export type ReadBackQuery = ReadBackQueryOf<string, Values>;

/** Gives the definition back; its use is that `request` and the others know the row that the columns make. */
export function defineJob<const C extends Columns>(definition: JobDefinition<C>): JobDefinition<C> {
  return definition;
}
