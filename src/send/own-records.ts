import type {Reader} from '../api/reader.ts';
import {RefusedError, TemporaryError} from '../errors.ts';
import type {ApiRequest} from '../http/request.ts';
import type {ReadBackQuery} from '../job/define-job.ts';
import type {Job} from '../job/job.ts';
import {keyColumns} from '../job/natural-key.ts';
import type {Values} from '../job/row.ts';

/**
 * Tells the records that this run creates from those of other clients: ids grow with each new record, so one with no
 * higher id than was seen before an attempt is not the attempt's.
 */
export class OwnRecords {
  readonly #job: Job;
  readonly #query: ReadBackQuery | undefined;
  /** The highest id that was seen so far. */
  #top: number | undefined;

  constructor(job: Job) {
    this.#job = job;
    // A list of the records themselves; others show the records by another id than their items'.
    this.#query = job.definition.readBack.find((query) => query.id === undefined);
  }

  get top(): number | undefined {
    return this.#top;
  }

  /** Reads the newest record, where the list can be sorted. Without it a row in doubt may stay so. */
  async readNewest(reader: Reader): Promise<void> {
    const {list, sort} = this.#query ?? {};
    if (list === undefined || sort !== 'id' || list.some((segment) => segment.startsWith(':'))) return;
    try {
      const newest = await reader.newest(list);
      this.#see(newest === undefined ? 0 : newest.id);
    } catch (error) {
      if (!(error instanceof RefusedError || error instanceof TemporaryError)) throw error;
    }
  }

  /** A response has shown the id of a record that was created. */
  created(request: ApiRequest, id: number): void {
    if (this.#isOfList(request)) this.#see(id);
  }

  /** Whether the record of a response belongs to another target than the row's. */
  isOther(request: ApiRequest, values: Values, record: unknown): boolean {
    const query = this.#query;
    if (!query || request.method !== 'POST' || !this.#isOfList(request)) return false;
    const shown = query.observe(record, query.where?.(values) ?? {});
    return keyColumns(this.#job, values).some((column) => {
      const [wanted, is] = [values[column], shown[column]];
      return typeof wanted === 'number' && typeof is === 'number' && is !== wanted;
    });
  }

  #isOfList({path}: ApiRequest): boolean {
    return this.#query !== undefined && this.#query.list.at(-1) === path.at(-1);
  }

  #see(id: unknown): void {
    if (typeof id === 'number' && Number.isSafeInteger(id)) this.#top = Math.max(this.#top ?? 0, id);
  }
}
