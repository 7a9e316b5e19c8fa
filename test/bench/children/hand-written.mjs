import {createReadStream} from 'node:fs';
import {open} from 'node:fs/promises';
import {randomUUID} from 'node:crypto';
import {createRequire} from 'node:module';
import {parse} from 'csv-parse';
import PQueue from 'p-queue';
import {Pool} from 'undici';

/**
 * The yardstick of a run: the script that somebody would write who knows the libraries. csv-parse, zod, p-queue, an
 * undici Pool, and a journal of two entries a row that waits for the disk, all waiters at once.
 */
const [file, origin, journalPath, zodFolder] = process.argv.slice(2);
const {z} = createRequire(`${zodFolder}/`)('zod');

const id = z.string().regex(/^\d+$/).transform(Number);
const dateTime = z.iso.datetime({offset: true});
const schema = z
  .object({user_id: id, cursus_id: id, begin_at: dateTime, end_at: dateTime})
  .refine((row) => row.end_at > row.begin_at);

const journal = await open(journalPath, 'a');
let waiting = [];
let flushing = false;
const append = (entry) =>
  new Promise((resolve) => {
    waiting.push({line: `${JSON.stringify({t: Date.now(), ...entry})}\n`, resolve});
    if (!flushing) void flush();
  });
async function flush() {
  flushing = true;
  while (waiting.length > 0) {
    const batch = waiting;
    waiting = [];
    await journal.write(batch.map(({line}) => line).join(''));
    await journal.datasync();
    for (const {resolve} of batch) resolve();
  }
  flushing = false;
}

const concurrency = 16;
const pool = new Pool(origin, {connections: concurrency, pipelining: 1});
const queue = new PQueue({concurrency});
let [line, created] = [1, 0];

async function send(row, at) {
  const q = randomUUID();
  await append({k: 'intent', r: at, q});
  const {statusCode, body} = await pool.request({
    method: 'POST',
    path: '/v2/cursus_users',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      authorization: 'Bearer bench',
      'x-request-id': q,
    },
    body: JSON.stringify({cursus_user: row}),
  });
  const answer = await body.json();
  if (statusCode === 201) created++;
  await append({k: 'done', r: at, st: statusCode, id: answer.id});
}

for await (const record of createReadStream(file).pipe(parse({columns: true}))) {
  const row = schema.parse(record);
  const at = ++line;
  await queue.onSizeLessThan(concurrency);
  void queue.add(() => send(row, at));
}
await queue.onIdle();
await pool.close();
await journal.close();
process.stdout.write(`${created}\n`);
