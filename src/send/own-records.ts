import type {Reader} from '../api/reader.ts';
import {RefusedError, TemporaryError} from '../errors.ts';
import type {ApiRequest} from '../http/request.ts';
import type {ReadBackQuery} from '../job/define-job.ts';
import type {Job} from '../job/job.ts';
import {keyColumns} from '../job/natural-key.ts';
import type {Values} from '../job/row.ts';

/** More records than all clients together make between two responses: an id that is farther ahead is no measure. */
const maxStep = 100_000;

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
      const [newest = {id: 0}, next] = await reader.newest(list);
      // Two in another order show that the list is not sorted as it was asked for: any other record may be newer.
      if (!next || Number(newest['id']) > Number(next['id'])) this.#see(newest['id']);
    } catch (error) {
      if (!(error instanceof RefusedError || error instanceof TemporaryError)) throw error;
    }
  }

  /** A response has shown the id of a record that was created. A false one would make all later records look older. */
  created(request: ApiRequest, id: number): void {
    if (this.#isOfList(request) && id - (this.#top || id) <= maxStep) this.#see(id);
  }

  /** Why the record of a response is none that the request makes or changes; `top`: the highest id before it. */
  mismatchOf(
    request: ApiRequest,
    values: Values,
    record: Readonly<Record<string, unknown>>,
    top: number | undefined,
  ): 'other_record' | 'existing_record' | undefined {
    const {id} = record;
    if (request.method !== 'POST') {
      const target = request.path.at(-1);
      return typeof target === 'number' && id !== target ? 'other_record' : undefined;
    }
    const query = this.#query;
    if (!query || !this.#isOfList(request)) return undefined;
    if (top !== undefined && Number(id) <= top) return 'existing_record';
    const shown = query.observe(record, query.where?.(values) ?? {});
    const isOther = keyColumns(this.#job, values).some((column) => {
      const [wanted, is] = [values[column], shown[column]];
      return typeof wanted === 'number' && typeof is === 'number' && is !== wanted;
    });
    return isOther ? 'other_record' : undefined;
  }

  #isOfList({path}: ApiRequest): boolean {
    return this.#query !== undefined && this.#query.list.at(-1) === path.at(-1);
  }

  #see(id: unknown): void {
    if (typeof id === 'number' && Number.isSafeInteger(id)) this.#top = Math.max(this.#top ?? 0, id);
  }
}
