import {createHash} from 'node:crypto';
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {ConfigurationError, FileError, UsageError} from '../../src/errors.ts';
import {loadJob} from '../../src/job/load-jobs.ts';
import {readRow, valuesOf} from './read-csv.ts';

describe('a job by its name', () => {
  it('is called so, and has its columns flattened', async () => {
    const job = await loadJob('closes');
    expect(job.name).toBe('closes');
    expect(job.columns.map((leaf) => leaf.name)).toEqual([
      'user_id',
      'closer_id',
      'kind',
      'reason',
      'end_at',
      'community_services.N.duration',
      'community_services.N.occupation',
    ]);
  });

  it('that does not exist is asked back', async () => {
    const error: unknown = await loadJob('patronage').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({
      code: 'unknown_job',
      hint: expect.stringMatching(/did you mean patronages\?.*closes, coalition-scores/) as string,
    });
  });
});

describe('a job file of a user', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'load-jobs-'));
  });
  afterAll(() => rm(folder, {recursive: true}));

  const save = async (file: string, source: string) => {
    await writeFile(join(folder, file), source);
    return join(folder, file);
  };
  const groups = (summary: string, from: string) => `
    import {defineJob, id, user} from '${from}';
    export default defineJob({
      summary: '${summary}',
      needs: {roles: ['Basic tutor']},
      columns: {user_id: user('u').required(), group_id: id('g').required()},
      keys: [['user_id', 'group_id']],
      request: (row) => ({method: 'POST', path: ['groups_users'], body: {groups_user: row}}),
      readBack: [],
    });
  `;

  it.each([
    ['groups.mjs', (path: string) => path],
    ['our groups.mjs', (path: string) => `'${path}'`],
    ["Ana's.mjs", (path: string) => `'${path.replace("'", String.raw`'\''`)}'`],
    ['a&b.mjs', (path: string) => `'${path}'`],
  ])('%s is named in hints as a shell reads it', async (file, quoted) => {
    const path = await save(file, groups('Group', 'bulk42'));
    expect((await loadJob(path)).reference).toBe(quoted(path));
  });

  it.each([
    ['groups.ts', 'bulk42'],
    ['groups.mjs', 'bulk42'],
    ['groups.js', '#job'],
  ])('%s that imports %s is loaded', async (file, from) => {
    const path = await save(file, groups('Fill groups', from));
    const job = await loadJob(path);
    expect(job.name).toBe('groups');
    expect(job.hash).toBe(
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    );
    const row = valuesOf(readRow(job, {user_id: '5', group_id: '7'}));
    expect(job.definition.request(row)).toMatchObject({
      path: ['groups_users'],
      body: {groups_user: {group_id: 7}},
    });
  });

  it('is loaded anew when it has changed', async () => {
    const path = await save('again.ts', groups('Once', 'bulk42'));
    const before = await loadJob(path);
    await save('again.ts', groups('Twice', 'bulk42'));
    const now = await loadJob(path);
    expect([before.definition.summary, now.definition.summary]).toEqual(['Once', 'Twice']);
    expect(now.hash).not.toBe(before.hash);
  });

  it('may be typed, and import a file of its own', async () => {
    await save('roles.ts', `export const roles: readonly string[] = ['Basic tutor'];`);
    const source = groups('With types', 'bulk42').replace(`['Basic tutor']`, 'roles as string[]');
    const path = await save('typed.ts', `import {roles} from './roles.ts';\n${source}`);
    expect((await loadJob(path)).definition.needs.roles).toEqual(['Basic tutor']);
  });

  it('that is not sound is refused with all its problems', async () => {
    const path = await save(
      'unsound.ts',
      groups('Fill groups.', 'bulk42').replace(`['user_id', 'group_id']`, `['x']`),
    );
    const error: unknown = await loadJob(path).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error).toMatchObject({message: expect.stringMatching(/full stop.*no column x/) as string});
  });

  it.each([
    ['broken.ts', 'export default {'],
    ['throwing.ts', `throw new Error('no');`],
    ['strange.ts', `import 'a-package-that-there-is-not';`],
    ['nothing.ts', `export const job = 1;`],
  ])('%s is refused', async (file, source) => {
    await expect(loadJob(await save(file, source))).rejects.toBeInstanceOf(ConfigurationError);
  });

  it('that is missing is a missing file, not an unknown name', async () => {
    await expect(loadJob(join(folder, 'missing.ts'))).rejects.toBeInstanceOf(FileError);
    await expect(loadJob('./patronages')).rejects.toBeInstanceOf(FileError);
  });
});
