import {rename, writeFile} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {systemClock as clock} from '../clock.ts';
import {onDisk} from '../files/write-file.ts';
import {renderMetrics, type RunFacts} from './print/render-metrics.ts';

const intervalMs = 60_000;

/**
 * The file of `--metrics`, for the textfile collector of Prometheus' node_exporter: written as a whole, each minute and at
 * the end, and readable by others, since it holds numbers only.
 */
export class MetricsFile {
  readonly #path: string;
  readonly #onFailure: (message: string) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #startedAt = clock.wall();
  #facts: Partial<RunFacts> = {};
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string, onFailure: (message: string) => void) {
    this.#path = path;
    this.#onFailure = onFailure;
    this.#timer = setInterval(() => void this.#write(true), intervalMs).unref();
  }

  update(facts: Partial<RunFacts>): void {
    this.#facts = {...this.#facts, ...facts};
  }

  async end(facts: Partial<RunFacts>): Promise<void> {
    clearInterval(this.#timer);
    this.update({left: undefined, ...facts});
    await this.#write(false);
  }

  /** What cannot be written changes nothing of the run. */
  #write(isRunning: boolean): Promise<void> {
    const text = renderMetrics({
      job: '',
      ...this.#facts,
      startedAt: this.#startedAt,
      now: clock.wall(),
      isRunning,
    });
    // The collector reads *.prom.
    const temporary = join(dirname(this.#path), `.${basename(this.#path)}.${process.pid}.tmp`);
    this.#writing = this.#writing.then(async () => {
      try {
        await onDisk(this.#path, writeFile(temporary, text, {mode: 0o644}));
        await onDisk(this.#path, rename(temporary, this.#path));
      } catch (error) {
        this.#onFailure((error as Error).message);
      }
    });
    return this.#writing;
  }
}
