/**
 * Which line had a natural key first. A million keys as strings would be the largest thing in memory; here a key
 * is 64 bits of hash (two different keys of a million share one with a chance below 1 in 10^7) in typed arrays.
 */
export class KeyIndex {
  /** Several small tables: one grows at a time, so that little is there twice meanwhile. */
  readonly #tables = Array.from({length: 16}, () => new HashTable());

  /** The line that had this key before, or undefined; then the given line has it from now on. */
  add(key: string, line: number): number | undefined {
    const [high, low] = hash(key);
    return this.#tables[high >>> 28]?.add(high, low, line);
  }
}

/** Open addressing, at most four fifths full. */
class HashTable {
  #high = new Uint32Array(256);
  #low = new Uint32Array(256);
  #line = new Uint32Array(256);
  #used = 0;

  add(high: number, low: number, line: number): number | undefined {
    if (this.#used * 5 >= this.#line.length * 4) this.#grow();
    const slot = this.#slot(high, low);
    const earlier = this.#line[slot];
    if (earlier) return earlier;
    this.#put(slot, high, low, line);
    this.#used++;
    return undefined;
  }

  /** The slot that holds this hash, or the free one where it belongs (line 0 is no line). */
  #slot(high: number, low: number): number {
    const size = this.#line.length;
    let slot = low % size;
    while (this.#line[slot] !== 0 && (this.#low[slot] !== low || this.#high[slot] !== high))
      slot = slot + 1 === size ? 0 : slot + 1;
    return slot;
  }

  #put(slot: number, high: number, low: number, line: number): void {
    this.#high[slot] = high;
    this.#low[slot] = low;
    this.#line[slot] = line;
  }

  #grow(): void {
    const [highs, lows, lines] = [this.#high, this.#low, this.#line];
    const size = Math.ceil(lines.length * 1.5);
    this.#high = new Uint32Array(size);
    this.#low = new Uint32Array(size);
    this.#line = new Uint32Array(size);
    lines.forEach((line, at) => {
      if (line === 0) return;
      const [high, low] = [highs[at] ?? 0, lows[at] ?? 0];
      this.#put(this.#slot(high, low), high, low, line);
    });
  }
}

/** Two independent 32-bit hashes (multiply and mix, as in MurmurHash3's finaliser). */
function hash(text: string): [number, number] {
  let a = 0x9e3779b9;
  let b = 0x85ebca6b;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x5bd1e995);
    b ^= b >>> 15;
  }
  return [mix(a ^ text.length), mix(b + text.length)];
}

function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
