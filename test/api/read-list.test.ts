import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {type Page, readList} from '../../src/api/read-list.ts';

interface Item {
  id: number;
}

/** A server with a list that changes between two pages. What its headers say may be wrong. */
interface World {
  count: number;
  pageSize: number;
  /** What pages say of their size: some servers repeat the size that was asked for, and give fewer items. */
  saidSize: 'right' | 'missing' | 'too large';
  total: 'right' | 'missing' | 'too small' | 'too large';
  /** After which request which record is removed by another program. */
  removals: readonly {after: number; at: number}[];
}

function serve({count, pageSize, saidSize, total, removals}: World) {
  let items: Item[] = Array.from({length: count}, (_, n) => ({id: n + 1}));
  const removed = new Set<number>();
  let requests = 0;
  return {
    removed,
    readPage(page: number): Promise<Page<Item>> {
      const shown = items.slice((page - 1) * pageSize, page * pageSize);
      const totals = {
        right: items.length,
        missing: undefined,
        'too small': Math.floor(items.length / 2),
        'too large': items.length + 7,
      };
      const sizes = {right: pageSize, missing: undefined, 'too large': pageSize + 70};
      const result = {items: shown, pageSize: sizes[saidSize], total: totals[total]};
      requests++;
      for (const {after, at} of removals) {
        const gone = after === requests ? items[at % Math.max(1, items.length)] : undefined;
        if (gone) removed.add(gone.id);
        items = items.filter((item) => item !== gone);
      }
      return Promise.resolve(result);
    },
  };
}

// A page of another size than it says, with a total that fits it by chance, is a list of its own.
const isTelling = ({saidSize, total}: World) => saidSize !== 'too large' || total !== 'too small';

const worlds = fc
  .record({
    count: fc.integer({min: 0, max: 40}),
    pageSize: fc.integer({min: 1, max: 12}),
    saidSize: fc.constantFrom('right' as const, 'missing' as const, 'too large' as const),
    total: fc.constantFrom('right' as const, 'missing' as const, 'too small' as const, 'too large' as const),
    removals: fc.array(fc.record({after: fc.integer({min: 1, max: 12}), at: fc.nat(40)}), {maxLength: 2}),
  })
  .filter(isTelling);

describe('a list', () => {
  it('holds every record that was there all the time, or is not read at all', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const server = serve(world);
        const items = await readList((page) => server.readPage(page));
        const ids = new Set(items?.map(({id}) => id));
        const missing = Array.from({length: world.count}, (_, n) => n + 1).filter(
          (id) => !ids.has(id) && !server.removed.has(id),
        );
        expect(items === undefined ? [] : missing).toEqual([]);
      }),
      {numRuns: 2000},
    );
  });

  it('that nobody changes is read, whatever its headers say', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const server = serve({...world, removals: []});
        expect(await readList((page) => server.readPage(page))).toHaveLength(world.count);
      }),
      {numRuns: 500},
    );
  });

  it('of a server that knows no pages is the list that it gives', async () => {
    const items = [{id: 3}, {id: 4}];
    const read = await readList(() => Promise.resolve({items, pageSize: undefined, total: undefined}));
    expect(read).toEqual(items);
  });

  it('that changes each time that it is read is not read', async () => {
    let requests = 0;
    const readPage = (page: number) =>
      Promise.resolve({items: page < 3 ? [{id: 10 * page + requests++}] : [], pageSize: 1, total: undefined});
    expect(await readList(readPage)).toBeUndefined();
  });

  it('that shows a record twice is not taken for as many records as it can hold', async () => {
    const pages = [[{id: 1}, {id: 1}], [{id: 2}], []];
    const readPage = (page: number) =>
      Promise.resolve({items: pages[page - 1] ?? [], pageSize: 2, total: undefined});
    expect(await readList(readPage, 2)).toContainEqual({id: 2});
  });

  it('that cannot hold more is whole without another page', async () => {
    let requests = 0;
    const items = [{id: 1}, {id: 2}];
    const readPage = () => Promise.resolve({items, pageSize: 2, total: (requests++, 2)});
    expect(await readList(readPage, 2)).toEqual(items);
    expect(requests).toBe(1);
  });
});
