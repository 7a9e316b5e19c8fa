import {posix} from 'node:path';
import type {NumberFormat} from './cell-text.ts';
import {readXml} from './parse-xml.ts';
import {readStyles} from './read-styles.ts';
import {SheetReader} from './sheet-reader.ts';
import {TextRun} from './text-run.ts';
import type {ZipParts} from './zip-parts.ts';

/** A sheet with cells, in the order of the tabs. */
export interface Sheet {
  readonly name: string;
  readonly isHidden: boolean;
  readonly part: string;
}

/** An Excel workbook: its sheets, and the rows of one of them. */
export class Workbook {
  readonly sheets: readonly Sheet[];
  readonly #parts: ZipParts;
  readonly #related: Related;
  readonly #startsIn1904: boolean;

  private constructor(parts: ZipParts, related: Related, about: About) {
    this.#parts = parts;
    this.#related = related;
    this.#startsIn1904 = about.startsIn1904;
    this.sheets = about.sheets.flatMap(({id, ...sheet}) => {
      const {type, part} = related.byId.get(id) ?? {type: '', part: ''};
      return type === 'worksheet' ? [{...sheet, part}] : [];
    });
  }

  /** @throws {NoWorkbookError} for an archive of something else */
  static async open(parts: ZipParts): Promise<Workbook> {
    if (!parts.has('_rels/.rels')) throw new NoWorkbookError();
    const main = (await relationsOf(parts, '')).byType.get('officeDocument');
    if (main === undefined || !main.endsWith('.xml') || !main.startsWith('xl/')) throw new NoWorkbookError();
    return new Workbook(parts, await relationsOf(parts, main), await readAbout(parts.text(main)));
  }

  async read({part}: Sheet): Promise<SheetReader> {
    const strings = await this.#strings();
    const formats = await this.#formats();
    return new SheetReader(this.#parts.text(part), {strings, formats, startsIn1904: this.#startsIn1904});
  }

  async #strings(): Promise<readonly string[]> {
    const part = this.#related.byType.get('sharedStrings');
    const strings: string[] = [];
    if (part === undefined || !this.#parts.has(part)) return strings;
    const run = new TextRun();
    await readXml(this.#parts.text(part), {
      open: (name) => run.open(name),
      text: (text) => run.add(text),
      close: (name) => {
        run.close(name);
        if (name === 'si') strings.push(run.take());
      },
    });
    return strings;
  }

  async #formats(): Promise<readonly NumberFormat[]> {
    const part = this.#related.byType.get('styles');
    return part === undefined || !this.#parts.has(part) ? [] : readStyles(this.#parts.text(part));
  }
}

export class NoWorkbookError extends Error {}

interface About {
  sheets: {name: string; isHidden: boolean; id: string}[];
  startsIn1904: boolean;
}

async function readAbout(pieces: AsyncIterable<string>): Promise<About> {
  const about: About = {sheets: [], startsIn1904: false};
  await readXml(pieces, {
    open(name, attributes) {
      if (name === 'workbookPr') about.startsIn1904 = /^(?:1|true)$/.test(attributes['date1904'] ?? '');
      if (name !== 'sheet') return;
      const id = Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1] ?? '';
      const isHidden = (attributes['state'] ?? 'visible') !== 'visible';
      about.sheets.push({name: attributes['name'] ?? '', isHidden, id});
    },
  });
  return about;
}

interface Related {
  byId: ReadonlyMap<string, {type: string; part: string}>;
  byType: ReadonlyMap<string, string>;
}

/** The parts that a part refers to; those of '' are the first ones of the archive. */
async function relationsOf(parts: ZipParts, part: string): Promise<Related> {
  const folder = posix.dirname(part);
  const byId = new Map<string, {type: string; part: string}>();
  const byType = new Map<string, string>();
  await readXml(parts.text(posix.join(folder, '_rels', `${posix.basename(part)}.rels`)), {
    open(name, {Id, Type, Target}) {
      if (name !== 'Relationship' || Id === undefined || Type === undefined || Target === undefined) return;
      const type = posix.basename(Type);
      const target = posix.join('/', folder, Target).slice(1);
      const found = {type, part: Target.startsWith('/') ? Target.slice(1) : target};
      byId.set(Id, found);
      byType.set(type, found.part);
    },
  });
  return {byId, byType};
}
