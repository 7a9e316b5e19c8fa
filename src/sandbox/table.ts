type Key = string | number;

interface Index<T> {
  keys: (row: T) => Key[];
  ids: Map<Key, Set<number>>;
}

/**
 * Rows by id, with indexes that stay right however a row is added or removed: rows are replaced with `set`, never changed
 * in place. A test may therefore seed a table like any Map.
 */
export class IndexedTable<T extends {readonly id: number}, Name extends string> extends Map<number, T> {
  readonly #indexes = new Map<Name, Index<T>>();
  #nextId: number;
  readonly #watchers: ((id: number, row: T | undefined) => void)[] = [];

  constructor(firstId: number, indexes: Record<Name, (row: T) => Key[]>) {
    super();
    this.#nextId = firstId;
    for (const name of Object.keys(indexes) as Name[]) {
      this.#indexes.set(name, {keys: indexes[name], ids: new Map()});
    }
  }

  insert(build: (id: number) => T): T {
    const row = build(this.#nextId);
    this.set(row.id, row);
    return row;
  }

  /** `onChange` is called for each change from now on; a removed row is undefined. */
  watch(onChange: (id: number, row: T | undefined) => void): void {
    this.#watchers.push(onChange);
  }

  /** Rows that carry the key, in order of insertion. */
  by(name: Name, key: Key): T[] {
    const ids = this.#indexes.get(name)?.ids.get(key) ?? [];
    return Array.from(ids, (id) => this.get(id)).filter((row) => row !== undefined);
  }

  override set(id: number, row: T): this {
    const former = this.get(id);
    super.set(id, row);
    for (const onChange of this.#watchers) onChange(id, row);
    this.#nextId = Math.max(this.#nextId, id + 1);
    for (const index of this.#indexes.values()) {
      const keys = index.keys(row);
      for (const key of former === undefined ? [] : index.keys(former)) {
        if (!keys.includes(key)) index.ids.get(key)?.delete(id);
      }
      for (const key of keys) {
        const ids = index.ids.get(key);
        if (ids === undefined) index.ids.set(key, new Set([id]));
        else ids.add(id);
      }
    }
    return this;
  }

  override delete(id: number): boolean {
    const row = this.get(id);
    if (row === undefined) return false;
    for (const index of this.#indexes.values()) {
      for (const key of index.keys(row)) index.ids.get(key)?.delete(id);
    }
    for (const onChange of this.#watchers) onChange(id, undefined);
    return super.delete(id);
  }

  override clear(): void {
    for (const index of this.#indexes.values()) index.ids.clear();
    super.clear();
  }
}
