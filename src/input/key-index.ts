/** Which line had a natural key first. */
export class KeyIndex {
  readonly #lines = new Map<string, number>();

  /** Another line that had this key before. Undefined: there is none, and the given line has it from now on. */
  add(key: string, line: number): number | undefined {
    const earlier = this.#lines.get(key);
    if (earlier === undefined) this.#lines.set(key, line);
    return earlier === line ? undefined : earlier;
  }
}
