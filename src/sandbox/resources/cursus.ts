import {recordOfPath} from '../call.ts';
import type {Route} from '../call.ts';
import {list} from '../list.ts';
import type {ListColumns} from '../list.ts';
import {json} from '../reply.ts';
import type {Cursus} from '../store.ts';

const columns: ListColumns<Cursus> = {
  id: (row) => row.id,
  created_at: (row) => row.created_at,
  name: (row) => row.name,
  slug: (row) => row.slug,
};

export const cursus: Route[] = [
  {
    method: 'GET',
    path: 'cursus',
    handle: (call) =>
      list(call, {table: call.store.cursus, indexed: [], columns: columns, show: (row) => row}),
  },
  {method: 'GET', path: 'cursus/:', handle: (call) => json(200, recordOfPath(call, call.store.cursus))},
];
