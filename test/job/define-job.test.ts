import {describe, expect, expectTypeOf, it} from 'vitest';
import {boolean, dateTime, file, id, many, one, oneOf, text, user} from '../../src/job/columns/columns.ts';
import type {RowOf} from '../../src/job/columns/column.ts';
import {defineJob} from '../../src/job/define-job.ts';
import {pairing} from './sample-job.ts';

describe('defineJob', () => {
  it('gives the definition back', () => {
    expect(defineJob(pairing)).toBe(pairing);
  });

  it('infers the row from the columns', () => {
    const columns = {
      who: user('u').required(),
      on: boolean('b').default(true),
      maybe: boolean('b').nullable().default(true),
      kind: oneOf('o', ['a', 'b', 3]),
      since: dateTime('d').nullable(),
      photo: file('f', {minBytes: 1, maxBytes: 2, types: []}),
      home: one({city: text('t').required(), zip: text('t')}),
      jobs: many({pay: id('i').required(), note: text('t').nullable()}, {identity: [['pay']]}),
    };
    expectTypeOf<RowOf<typeof columns>>().branded.toEqualTypeOf<{
      who: number;
      on: boolean;
      maybe: boolean | null;
      kind?: 'a' | 'b' | 3;
      since?: string | null;
      photo?: {readonly file: string};
      home?: {city: string; zip?: string};
      jobs?: {pay: number; note?: string | null}[];
    }>();
    const job = defineJob({
      summary: 's',
      needs: {roles: ['r']},
      columns,
      keys: [['who']],
      request(row) {
        expectTypeOf(row).branded.toEqualTypeOf<RowOf<typeof columns>>();
        expectTypeOf(row.who).toEqualTypeOf<number>();
        expectTypeOf(row.kind).toEqualTypeOf<'a' | 'b' | 3 | undefined>();
        return {method: 'POST', path: ['people', row.who], body: {person: row}};
      },
      readBack: [
        {
          list: ['people'],
          by: {id: 'who'},
          where: (row) => ({on: String(row.on)}),
          observe: () => ({}),
        },
      ],
    });
    expect(job.request({who: 5, on: true, maybe: null, home: {city: 'Lyon'}})).toEqual({
      method: 'POST',
      path: ['people', 5],
      body: {person: {who: 5, on: true, maybe: null, home: {city: 'Lyon'}}},
    });
  });

  it('does not compile with a key or a filter that is no column', () => {
    const columns = {who: user('u').required()};
    const rest = {
      summary: 's',
      needs: {roles: ['r']},
      columns,
      request: () => ({method: 'PUT' as const, path: []}),
    };
    // @ts-expect-error -- there is no column whom
    defineJob({...rest, keys: [['whom']], readBack: []});
    // @ts-expect-error -- there is no column whom
    defineJob({...rest, keys: [['who']], readBack: [{list: ['a'], by: {id: 'whom'}, observe: () => ({})}]});
    expect(defineJob({...rest, keys: [['who']], readBack: []}).keys).toEqual([['who']]);
  });
});
