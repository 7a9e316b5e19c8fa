import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import type {PlanDocument} from '../../src/plan/plan-document.ts';
import {runCli, temporaryFolder} from '../helpers/run-cli.ts';
import {openSandbox} from '../sandbox/open-sandbox.ts';

const samples = new URL('../../samples/', import.meta.url);

/** A cell of each sample and another valid value for it. */
const mutations: Record<string, [string, string]> = {
  patronages: ['bbernard,andre,', 'bbernard,kpedro,'],
  'cursus-users': ['bbernard,9,2027-02-01T08:42:00+01:00', 'bbernard,9,2027-02-02T08:42:00+01:00'],
  'user-candidatures': ['Port Gonzalo', 'Port Gonzales'],
  users: ['louis.david@example.org', 'l.david@example.org'],
  closes: ['Absent from an exam without notice', 'Absent from two exams without notice'],
};

async function planOf(job: string, csv: string): Promise<PlanDocument> {
  const {sandbox} = await openSandbox();
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, 'rows.csv'), csv);
  const {code, stdout, stderr} = await runCli(['plan', job, 'rows.csv', '--json'], {cwd, api: sandbox});
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(sandbox.ledger.filter(({method, path}) => method !== 'GET' && !path.startsWith('/oauth'))).toEqual(
    [],
  );
  return JSON.parse(stdout) as PlanDocument;
}

describe.each(Object.keys(mutations))('the plan of samples/%s.csv', (job) => {
  const sample = readFileSync(new URL(`${job}.csv`, samples), 'utf8');

  it('is what it has always been', async () => {
    const {counts, requests, rows, warnings} = await planOf(job, sample);
    const golden = `${JSON.stringify({counts, requests, rows, warnings}, null, 2)}\n`;
    await expect(golden).toMatchFileSnapshot(`plans/${job}.json`);
  });

  it('differs in one row when one cell does', async () => {
    const [from, to] = mutations[job] as [string, string];
    expect(sample).toContain(from);
    const [before, after] = [await planOf(job, sample), await planOf(job, sample.replace(from, to))];
    const changed = after.rows.filter((row, at) => JSON.stringify(row) !== JSON.stringify(before.rows[at]));
    expect(after.rows).toHaveLength(before.rows.length);
    expect(changed.map(({line}) => line)).toEqual([sample.slice(0, sample.indexOf(from)).split('\n').length]);
  });
});
