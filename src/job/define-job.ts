import type {ApiRequest} from '../http/request.ts';
import type {Columns, RowOf} from './column.ts';
import type {Values} from './row.ts';
import type {Rule} from './rules.ts';

/** One API operation: its columns, how a row becomes a request, and where its effect can be read. */
interface Definition<C extends Columns, Row, Name extends string> {
  /** One line without a full stop: "Pair students with their godfathers". */
  summary: string;
  /** Any one of the roles; all of the scopes. */
  needs: {roles: readonly string[]; scopes?: readonly string[]};
  columns: C;
  /** What names a row's target: alternatives, the first whose columns are all filled. */
  keys: readonly (readonly Name[])[];
  rules?: readonly Rule[];
  /** Pure. The path is below `/v2`; the body is the JSON tree with its root key. */
  request(row: Row): ApiRequest;
  /** A PUT that adds nested rows cannot be sent twice: it is as a POST in every question of safety. */
  adds?(row: Row): boolean;
  /** Where the effect can be read: before a run, in doubt, and after it. Empty: it cannot be witnessed. */
  readBack: readonly ReadBackQueryOf<Name, Row>[];
  /** The server itself refuses a second record with this key. */
  unique?: true;
  /** Ask for the number of rows to be typed before sending. */
  confirm?: 'count';
  /**
   * Removes a record that this job created from a row: requests in order, each harmless to send twice. User columns of
   * the row may still hold logins; `now` is for endpoints that look at dates.
   */
  undo?(id: number, row: Values, now: Date): ApiRequest[];
}

/** A list of records that shows what a row did. */
interface ReadBackQueryOf<Name extends string, Row> {
  /** The path of the list below `/v2`. */
  list: readonly string[];
  /** Filter name to column. The first one is batched, the others are sent as the distinct values of the batch. */
  by: {readonly [filter: string]: Name};
  /** Further filters. Rows that differ in them are read by different requests. */
  where?(row: Row): {[filter: string]: string};
  /** Whether this reading has anything to say about the row. */
  when?(row: Row): boolean;
  /** The path of the one record, for when the list is refused. */
  one?(row: Row): (string | number)[];
  /** What an item proves, in the columns' own names, key and `by` columns included. What it leaves out is unreadable. */
  observe(item: unknown, where: Readonly<Record<string, string>>): Values;
  /** What finding nothing proves: no cursus at all. Default: nothing. */
  absentMeans?: Values;
  /** Default: the item's `id` and `created_at`. */
  id?(item: unknown): number;
  createdAt?(item: unknown): string | undefined;
}

export type JobDefinition<C extends Columns> = Definition<C, RowOf<C>, keyof C & string>;

/** A definition whose columns are known only at run time. */
export type AnyJobDefinition = Definition<Columns, Values, string>;
export type ReadBackQuery = ReadBackQueryOf<string, Values>;

/** Gives the definition back; its use is that `request` and the others know the row that the columns make. */
export function defineJob<const C extends Columns>(definition: JobDefinition<C>): JobDefinition<C> {
  return definition;
}
