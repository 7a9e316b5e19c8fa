import fc from 'fast-check';
import {expect, test} from 'vitest';
import {IndexedTable} from '../../src/sandbox/table.ts';

interface Row {
  id: number;
  owner: number;
}

test('the index agrees with a scan after any sequence of writes', () => {
  const step = fc.record({
    action: fc.constantFrom('set', 'insert', 'delete'),
    id: fc.nat(9),
    owner: fc.nat(3),
  });
  fc.assert(
    fc.property(fc.array(step, {maxLength: 60}), (steps) => {
      const table = new IndexedTable<Row, 'owner'>(5, {owner: (row) => [row.owner]});
      for (const {action, id, owner} of steps) {
        if (action === 'set') table.set(id, {id, owner});
        else if (action === 'delete') table.delete(id);
        else {
          const before = table.size;
          expect(table.insert((free) => ({id: free, owner})).id).toBeGreaterThanOrEqual(5);
          expect(table.size).toBe(before + 1);
        }
      }
      for (let owner = 0; owner <= 3; owner++) {
        const scanned = Array.from(table.values()).filter((row) => row.owner === owner);
        expect(new Set(table.by('owner', owner))).toEqual(new Set(scanned));
      }
    }),
  );
});
