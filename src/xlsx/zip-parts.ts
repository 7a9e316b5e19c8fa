import {crc32} from 'node:zlib';
import {type Entry, fromBufferPromise, type ZipFile} from 'yauzl';

/** Unpacked bytes of one part. A sheet of a million rows has less; a zip bomb has more. */
export const maxPartBytes = 512 * 1024 * 1024;

/** The parts of a zip archive in memory, unpacked piece by piece. */
export class ZipParts {
  readonly #zip: ZipFile;
  readonly #entries: ReadonlyMap<string, Entry>;

  private constructor(zip: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.#zip = zip;
    this.#entries = entries;
  }

  static async open(bytes: Buffer): Promise<ZipParts> {
    const zip = await fromBufferPromise(bytes, {lazyEntries: true, autoClose: false});
    const entries = new Map<string, Entry>();
    for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry);
    return new ZipParts(zip, entries);
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** @throws when the part is missing, larger than it says or than the limit, or not what its checksum says. */
  async *text(name: string): AsyncGenerator<string> {
    const entry = this.#entries.get(name);
    if (!entry) throw new Error(`there is no ${name} in it`);
    if (entry.uncompressedSize > maxPartBytes) throw new PartTooLargeError();
    const decoder = new TextDecoder();
    let checksum = 0;
    for await (const chunk of (await this.#zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
      checksum = crc32(chunk, checksum);
      yield decoder.decode(chunk, {stream: true});
    }
    if (checksum !== entry.crc32) throw new Error(`the checksum of ${name} is wrong`);
    yield decoder.decode();
  }
}

export class PartTooLargeError extends Error {}
