import type {CsvRow} from '../csv/csv-row.ts';
import {cleanCell} from '../job/columns/characters.ts';
import {orderNames, provenOrder, readLocalDate} from '../job/columns/local-date.ts';
import type {DateOrder, KnownOrder} from '../job/row.ts';
import type {RowShapingOptions} from '../journal/entry.ts';

/** What is needed of a column with dates: its name and the position of its cell. */
export interface DateColumn {
  name: string;
  at: number;
}

/**
 * The order of day and month in each column, for dates such as 05/06/2026. It comes from `--date-order`, from the run
 * that began with the file, or from those dates of the column that make sense in one order only; it is never guessed.
 */
export class DateOrders {
  readonly #given: KnownOrder | undefined;
  readonly #known = new Map<string, KnownOrder>();
  #isWanted = false;
  #isComplete = false;

  constructor({dateOrder, dateOrders = {}}: Pick<RowShapingOptions, 'dateOrder' | 'dateOrders'>) {
    this.#given = dateOrder && {order: dateOrder, because: `by --date-order ${dateOrder}`};
    for (const [column, order] of Object.entries(dateOrders))
      this.#known.set(column, {order, because: 'as in the first run of the file'});
  }

  /** The order of a column, as far as it is known by now. */
  of(column: string): KnownOrder | undefined {
    const known = this.#known.get(column) ?? this.#given;
    if (!known) this.#isWanted = true;
    return known;
  }

  /** An order was asked for that is not known, and the file was not searched yet. */
  get areMissing(): boolean {
    return this.#isWanted && !this.#isComplete;
  }

  /** What is to be kept with the run, so that a later reading of fewer rows reads them alike. */
  get found(): Pick<RowShapingOptions, 'dateOrders'> {
    const found = [...this.#known].flatMap(([column, known]) =>
      'order' in known ? [[column, known.order] as const] : [],
    );
    return found.length > 0 ? {dateOrders: Object.fromEntries(found)} : {};
  }

  /** Searches all rows of the file, also those that the run leaves out. */
  async find(rows: AsyncIterable<readonly CsvRow[]>, columns: readonly DateColumn[]): Promise<void> {
    const lines = new Map(columns.map(({name}) => [name, new Map<DateOrder, number>()]));
    const dotted = new Map<string, number>();
    for await (const batch of rows) {
      for (const {line, cells} of batch) {
        for (const {name, at} of columns) {
          const local = readLocalDate(cleanCell(cells[at] ?? ''));
          const order = local && provenOrder(local);
          if (local?.isDotted && !dotted.has(name)) dotted.set(name, line);
          const seen = lines.get(name);
          if (order && !seen?.has(order)) seen?.set(order, line);
        }
      }
    }
    for (const [name, seen] of lines) {
      // Dots are day first. Alone they say nothing of dates with slashes, but they contradict month first.
      const dots = dotted.get(name);
      if (dots !== undefined && seen.has('mdy') && !seen.has('dmy')) seen.set('dmy', dots);
      this.#decide(
        name,
        [...seen].toSorted(([, one], [, other]) => one - other),
      );
    }
    this.#isComplete = true;
  }

  #decide(column: string, [first, second]: readonly (readonly [DateOrder, number])[]): void {
    if (!first || this.#known.has(column)) return;
    const shown = ([order, line]: readonly [DateOrder, number]) => `line ${line} is ${orderNames[order]}`;
    const [order, line] = first;
    this.#known.set(
      column,
      second ? {mixed: `${shown(first)}, ${shown(second)}`} : {order, because: `as line ${line} shows`},
    );
  }
}
