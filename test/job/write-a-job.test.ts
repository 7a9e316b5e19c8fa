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
    await writeFile(join(folder, 'groups.ts'), source);
    job = await loadJob(join(folder, 'groups.ts'));
  });
  afterAll(() => rm(folder, {recursive: true}));

  const cells = {group_id: '12', user_id: '3'};

  it('has fewer than 30 lines of code', () => {
    const lines = source.split('\n').filter((line) => /[a-z]/i.test(line));
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.length).toBeLessThan(30);
  });

  it('is named like its file', () => {
    expect(job.name).toBe('groups');
  });

  it('puts a user into a group', () => {
    const request = job.definition.request(valuesOf(readRow(job, cells)));
    expect(request).toEqual({
      method: 'POST',
      path: ['groups_users'],
      body: {groups_user: {group_id: 12, user_id: 3}},
    });
  });

  it('refuses what its columns do not allow', () => {
    const issues = issuesOf(readRow(job, {group_id: 'twelve', user_id: 'a b'}));
    expect(issues.map((issue) => issue.column)).toEqual(['group_id', 'user_id']);
  });

  it('recognises the record that it made, in both forms that the API may show it in', () => {
    const [reading] = job.definition.readBack;
    const row = valuesOf(readRow(job, cells));
    expect(reading?.observe({id: 5, group_id: 12, user_id: 3}, {})).toEqual(row);
    expect(reading?.observe({id: 5, group: {id: 12}, user: {id: 3}}, {})).toEqual(row);
  });

  it('is the built-in one in every question of safety, as is the shorter form', async () => {
    const guide = await readFile(new URL('../../docs/write-a-job.md', import.meta.url), 'utf8');
    const [, shorter = ''] = /### `joinTable`[\s\S]*?```js\n([\s\S]*?)```/.exec(guide) ?? [];
    await writeFile(join(folder, 'shorter.ts'), shorter);
    const builtIn = (await loadJob('groups-users')).definition;
    for (const {definition} of [job, await loadJob(join(folder, 'shorter.ts'))]) {
      const {keys, readBack, summary, needs} = builtIn;
      const withoutFunctions = (readings: typeof readBack) => JSON.parse(JSON.stringify(readings)) as object;
      expect({...definition, readBack: withoutFunctions(definition.readBack)}).toMatchObject({
        keys,
        summary,
        needs,
        readBack: withoutFunctions(readBack),
      });
      expect(definition.remove?.(7, {}, new Date(0))).toEqual(builtIn.remove?.(7, {}, new Date(0)));
    }
  });
});
