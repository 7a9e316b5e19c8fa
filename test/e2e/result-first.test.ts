import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {openHttp} from '../http/open-server.ts';
import {runCli, temporaryFolder} from '../helpers/run-cli.ts';
import {csv, fast} from './stage.ts';

it('a request leaves when the results of those before it are in the journal, though none of them is waited for', async () => {
  const cwd = temporaryFolder();
  const rows = 12;
  const pairs = Array.from({length: rows}, (_, at) => `${1000 + at},${2000 + at}`);
  writeFileSync(join(cwd, 'rows.csv'), csv('user_id,godfather_id', ...pairs));
  const results: number[] = [];
  const {port} = await openHttp(({method, url = ''}, response) => {
    response.setHeader('content-type', 'application/json');
    if (url.startsWith('/oauth/')) {
      response.end('{"access_token":"t","token_type":"bearer","expires_in":7200,"scope":"public"}');
    } else if (method === 'GET') {
      response.end('[]');
    } else {
      const run = readdirSync(join(cwd, 'runs')).find((name) => name !== '.gitignore') ?? '';
      const journal = readFileSync(join(cwd, 'runs', run, 'journal.ndjson'), 'utf8');
      results.push(journal.split('"k":"done"').length - 1);
      response.writeHead(201).end(`{"id":${results.length}}`);
    }
  });
  const api = {url: `http://127.0.0.1:${port}`, uid: 'u', secret: 's'};
  const {code, stderr} = await runCli(
    ['run', 'patronages', 'rows.csv', '--yes', '--existing', 'send', '--concurrency', '1', ...fast],
    {cwd, api},
  );
  expect({code, stderr: code === 0 ? '' : stderr}).toEqual({code: 0, stderr: ''});
  expect(results).toEqual(Array.from({length: rows}, (_, before) => before));
});
