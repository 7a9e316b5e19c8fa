import type {Connection} from '../api/connection.ts';
import type {Journal} from '../journal/journal.ts';

interface SettleTimeOptions {
  connection: Pick<Connection, 'maxRuntimeMs'>;
  journal: Pick<Journal, 'note'>;
  onSettleTime: (ms: number) => void;
}

/** So long a server may still apply what it received, as the journal of a run has it. */
export class SettleTime {
  readonly #connection: Pick<Connection, 'maxRuntimeMs'>;
  readonly #journal: Pick<Journal, 'note'>;
  readonly #onChange: (ms: number) => void;
  #notedMs: number;

  /** `notedMs`: the longest one that is in force, by the options or by what earlier processes of the run noted. */
  constructor(notedMs: number, {connection, journal, onSettleTime}: SettleTimeOptions) {
    this.#onChange = onSettleTime;
    this.#notedMs = notedMs;
    this.#connection = connection;
    this.#journal = journal;
  }

  /** The server's own working time shows how long it may still be busy with what it received. */
  get ms(): number {
    return Math.max(this.#notedMs, Math.ceil(10 * this.#connection.maxRuntimeMs));
  }

  /** A process that takes the run over has to keep to it as well. */
  note(): void {
    const {ms} = this;
    if (ms === this.#notedMs) return;
    this.#notedMs = ms;
    this.#journal.note({k: 'settle', ms});
    this.#onChange(ms);
  }
}
