/**
 * A letter of Mac Roman or of DOS, which Excel saves too, is in windows-1252 a sign at a place where there is none: `Zo‚`,
 * `AndrŽ`, `C™t`.
 */
const unlikely = /\p{L}[‚„ˆ‰‹ƒ€†‡•¡¢£¤¿]|\p{Ll}[ŠŽŒŸ]|\p{L}[ŠŽŒŸ]\p{Ll}|\p{L}[‘“™]\p{L}/u;
const patternLength = 3;

/** Looks through a text, piece by piece, for what shows that it is not written in the encoding that was guessed. */
export class LikelyWindows1252 {
  #before: string;

  /** @param before the piece before the first that is looked through */
  constructor(before: Buffer) {
    this.#before = before.subarray(1 - patternLength).toString();
  }

  /** The offset of what is unlikely, from the beginning of the piece: before it, where it began in the last one. */
  find(piece: Buffer): number | undefined {
    const text = this.#before + piece.toString();
    const at = text.search(unlikely);
    const offset = Buffer.byteLength(text.slice(0, at)) - Buffer.byteLength(this.#before);
    this.#before = text.slice(1 - patternLength);
    return at === -1 ? undefined : offset;
  }
}
