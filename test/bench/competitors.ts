import {execFileSync} from 'node:child_process';
import {copyFileSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {BenchStage} from './bench-stage.ts';
import {child, measure, type Measured, measureNode} from './measure.ts';
import {installPeer} from './peers.ts';

/** Another way of sending the same rows to the same server. */
interface Competitor {
  rows: number;
  run: () => Promise<Measured>;
}

/** All of them read the first `rows` rows of `file`; undefined where one is not to be had on this machine. */
export type Prepare = (stage: BenchStage, file: string, rows: number) => Promise<Competitor | undefined>;

/** One script of the libraries that the product could have been: no plan, no reports, no second start. */
export const handWritten: Prepare = async ({path, folder, origin}, file, rows) => {
  const zod = await installPeer('zod');
  if (zod === undefined) return undefined;
  let runs = 0;
  return {
    rows,
    run: () =>
      measureNode([child('hand-written.mjs'), file, origin, path(`hand-written-${runs++}.ndjson`), zod], {
        cwd: folder,
      }),
  };
};

/**
 * The Node tool for CSV files and APIs. It speaks GraphQL only, so the server answers one mutation with an id. Left to
 * itself it sends one row at a time.
 */
export const gqlIngest =
  (concurrency: number): Prepare =>
  async ({path, folder, origin}, file, rows) => {
    const home = await installPeer('@jackchuka/gql-ingest');
    if (home === undefined) return undefined;
    const config = path(`gql-${concurrency}`);
    for (const part of ['data', 'graphql', 'mappings']) mkdirSync(join(config, part), {recursive: true});
    copyFileSync(file, join(config, 'data', 'rows.csv'));
    const parallel = {concurrency, preserveRowOrder: concurrency === 1};
    writeFileSync(join(config, 'config.yaml'), JSON.stringify({parallelProcessing: parallel}));
    writeFileSync(
      join(config, 'graphql', 'rows.graphql'),
      `mutation Enrol($user_id: String!, $cursus_id: String!, $begin_at: String!, $end_at: String!) {
        enrol(input: {user_id: $user_id, cursus_id: $cursus_id, begin_at: $begin_at, end_at: $end_at}) { id }
      }`,
    );
    const columns = ['user_id', 'cursus_id', 'begin_at', 'end_at'];
    const mapping = Object.fromEntries(columns.map((column) => [column, column]));
    const files = {dataFile: 'data/rows.csv', dataFormat: 'csv', graphqlFile: 'graphql/rows.graphql'};
    writeFileSync(join(config, 'mappings', 'rows.json'), JSON.stringify({...files, mapping}));
    const program = join(home, 'node_modules', '@jackchuka', 'gql-ingest', 'dist', 'cli', 'index.js');
    const args = [program, '-e', `${origin}/graphql`, '-c', config, '-q'];
    return {rows, run: () => measureNode(args, {cwd: folder})};
  };

/** Postman's runner with a data file, its reporters off. */
export const newman: Prepare = async ({path, folder, origin}, file, rows) => {
  const home = await installPeer('newman');
  if (home === undefined) return undefined;
  const body = {
    cursus_user: {
      user_id: '{{user_id}}',
      cursus_id: '{{cursus_id}}',
      begin_at: '{{begin_at}}',
      end_at: '{{end_at}}',
    },
  };
  const header = [
    {key: 'content-type', value: 'application/json'},
    {key: 'authorization', value: 'Bearer bench'},
  ];
  const request = {
    method: 'POST',
    header,
    url: `${origin}/v2/cursus_users`,
    body: {mode: 'raw', raw: JSON.stringify(body)},
  };
  const schema = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
  const collection = {info: {name: 'rows', schema}, item: [{name: 'enrol', request}]};
  writeFileSync(path('collection.json'), JSON.stringify(collection));
  const program = join(home, 'node_modules', 'newman', 'bin', 'newman.js');
  const args = ['run', path('collection.json'), '-d', file, '--silent'];
  return {rows, run: () => measureNode([program, ...args], {cwd: folder})};
};

/** One process, one kept-alive connection, one request after the other, and nothing remembered. */
export const curl: Prepare = ({path, folder, origin}, file, rows) => {
  try {
    execFileSync('curl', ['--version']);
  } catch {
    return Promise.resolve(undefined);
  }
  const requests = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [user_id, cursus_id, begin_at, end_at] = line.split(',');
      const row = {user_id: Number(user_id), cursus_id: Number(cursus_id), begin_at, end_at};
      const data = JSON.stringify(JSON.stringify({cursus_user: row}));
      return `url = "${origin}/v2/cursus_users"
header = "content-type: application/json"
header = "authorization: Bearer bench"
data = ${data}
output = "/dev/null"`;
    });
  writeFileSync(path('curl.conf'), `silent\n${requests.join('\nnext\nsilent\n')}\n`);
  return Promise.resolve({rows, run: () => measure('curl', ['-K', path('curl.conf')], {cwd: folder})});
};
