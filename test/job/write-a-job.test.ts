import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {loadJob} from '../../src/job/load-jobs.ts';
import type {Job} from '../../src/job/job.ts';
import {issuesOf, readRow, valuesOf} from './read-csv.ts';

/** The job of docs/write-a-job.md, as a reader would copy it: into a folder that knows nothing of this checkout. */
describe('the job that the guide builds', () => {
  let folder: string;
  let source: string;
  let job: Job;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'write-a-job-'));
    const guide = await readFile(new URL('../../docs/write-a-job.md', import.meta.url), 'utf8');
    source = /```ts\n([\s\S]*?)```/.exec(guide)?.[1] ?? '';
    await writeFile(join(folder, 'create-users.ts'), source);
    job = await loadJob(join(folder, 'create-users.ts'));
  });
  afterAll(() => rm(folder, {recursive: true}));

  const cells = {email: 'ana@example.org', first_name: 'Ana', last_name: 'Lima', campus_id: '7'};

  it('has fewer than 30 lines of code', () => {
    const lines = source.split('\n').filter((line) => /[a-z]/i.test(line));
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.length).toBeLessThan(30);
  });

  it('is named like its file', () => {
    expect(job.name).toBe('create-users');
  });

  it('creates an account', () => {
    const request = job.definition.request(valuesOf(readRow(job, cells)));
    expect(request).toEqual({
      method: 'POST',
      path: ['users'],
      body: {
        user: {
          email: 'ana@example.org',
          first_name: 'Ana',
          last_name: 'Lima',
          kind: 'student',
          campus_id: 7,
        },
      },
    });
  });

  it('refuses what its columns do not allow', () => {
    const issues = issuesOf(readRow(job, {...cells, email: 'ana', campus_id: 'seven'}));
    expect(issues.map((issue) => issue.column)).toEqual(['email', 'campus_id']);
  });

  it('recognises the account that it made', () => {
    const [reading] = job.definition.readBack;
    const row = valuesOf(readRow(job, cells));
    const where = reading?.where?.(row) ?? {};
    expect(where).toEqual({email: 'ana@example.org'});
    const item = {id: 5, email: 'alima@student.42.fr', first_name: 'Ana', last_name: 'Lima', kind: 'student'};
    expect(reading?.observe(item, where)).toEqual({
      email: 'ana@example.org',
      first_name: 'Ana',
      last_name: 'Lima',
      kind: 'student',
    });
  });
});
