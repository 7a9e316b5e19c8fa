/**
 * Which line had a natural key first. A million keys as strings would be the largest thing in memory; here a key
 * is 64 bits of hash (two different keys of a million share one with a chance below 1 in 10^7) in typed arrays.
 */
export class KeyIndex {
  readonly #tables: HashTable[];

  /** @param expected about as many keys as will come; it may be fewer or more */
  constructor(expected: number) {
    // Several small ones: where one has to grow, little is there twice meanwhile.
    this.#tables = Array.from({length: tables}, () => new HashTable(Math.ceil((expected / tables) * spare)));
  }

  /** Another line that had this key before. Undefined: there is none, and the given line has it from now on. */
  add(key: string, line: number): number | undefined {
    const [high, low] = hash(key);
    return this.#tables[high >>> 28]?.add(high, low, line);
  }
}

const tables = 16;
/** Slots for a key: a fuller table is a slower one. */
const spare = 1.3;

/** Numbers of a slot: two halves of the hash and the line, side by side since they are looked at together. */
const slotWidth = 3;

/** Open addressing, at most four fifths full. Line 0 is no line: the slot is free. */
class HashTable {
  #slots: Uint32Array;
  #used = 0;

  constructor(slots: number) {
    this.#slots = new Uint32Array(Math.max(256, slots) * slotWidth);
  }

  add(high: number, low: number, line: number): number | undefined {
    if (this.#used * 5 * slotWidth >= this.#slots.length * 4) this.#grow();
    const at = this.#find(high, low);
    const earlier = this.#slots[at + 2];
    if (earlier) return earlier === line ? undefined : earlier;
    this.#put(at, high, low, line);
    this.#used++;
    return undefined;
  }

  /** Where this hash stands, or would. */
  #find(high: number, low: number): number {
    const slots = this.#slots;
    let at = (low % (slots.length / slotWidth)) * slotWidth;
    while (slots[at + 2] !== 0 && (slots[at + 1] !== low || slots[at] !== high))
      at = at + slotWidth === slots.length ? 0 : at + slotWidth;
    return at;
  }

  #put(at: number, high: number, low: number, line: number): void {
    this.#slots[at] = high;
    this.#slots[at + 1] = low;
    this.#slots[at + 2] = line;
  }

  #grow(): void {
    const slots = this.#slots;
    this.#slots = new Uint32Array(Math.ceil((slots.length / slotWidth) * 1.5) * slotWidth);
    for (let at = 0; at < slots.length; at += slotWidth) {
      const [high = 0, low = 0, line = 0] = [slots[at], slots[at + 1], slots[at + 2]];
      if (line !== 0) this.#put(this.#find(high, low), high, low, line);
    }
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
