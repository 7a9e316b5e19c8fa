import {readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {counts, csv, errorOf, fast, lastLine, openStage, outcomes, type Stage, writes} from './stage.ts';

const nothing = {api: {url: '', uid: '', secret: ''}};
const rehearse = (stage: Stage, ...args: string[]) =>
  stage.cli([...args, '--sandbox', '--yes', ...fast], nothing);
const world = (stage: Stage) => join(stage.folder, 'runs', '.sandbox');

describe('a rehearsal', () => {
  it('goes from run to retry, resume and undo, and is marked as one everywhere', async () => {
    const stage = await openStage();
    stage.file(
      'pairs.csv',
      csv('user_id,godfather_id', 'jeanne,1005', 'nobody-1,1006', '1007,andre', '64,46'),
    );
    const first = await rehearse(stage, 'run', 'patronages', 'pairs.csv', '--max-requests', '4');
    expect(first.code).toBe(75);
    expect(first.stdout).toMatch(/rehearsal/);
    expect(first.stderr).toMatch(/rehearsal/);
    const [run = ''] = stage.runs();
    expect(run).toMatch(/^\d{8}T\d{6}Z-patronages-rehearsal$/);
    expect(lastLine(first)).toContain(`bulk42 resume ${run} --sandbox`);
    expect(stage.summary()).toMatchObject({rehearsal: true, job: 'patronages'});

    expect((await rehearse(stage, 'resume', 'last')).code).toBe(20);
    expect(stage.output('report.html')).toMatch(/a rehearsal/);
    expect(outcomes(stage.report())).toEqual(['created', 'failed', 'created', 'created']);

    const again = await rehearse(stage, 'run', 'patronages', 'pairs.csv', '--existing', 'skip');
    expect(again.code).toBe(20);
    expect(stage.summary()).toMatchObject({counts: counts({unchanged: 3, failed: 1})});

    const undone = await rehearse(stage, 'undo', run);
    expect([undone.code, stage.summary().counts]).toEqual([0, counts({removed: 3})]);
    const {stdout} = await stage.cli(['runs', '--json']);
    expect(JSON.parse(stdout)).toMatchObject([
      {rehearsal: true, undoneBy: stage.runs()[2]},
      {rehearsal: true},
      {rehearsal: true},
    ]);
    expect((await stage.cli(['runs'])).stdout.match(/ rehearsal +\d{4}-/g)).toHaveLength(3);
    expect(writes(stage.sandbox)).toEqual([]);
  });

  it('and the real API never go on with each other’s runs', async () => {
    const stage = await openStage();
    stage.file('pairs.csv', csv('user_id,godfather_id', '46,64', 'nobody-1,64'));
    await stage.cli(['run', 'patronages', 'pairs.csv', '--yes', ...fast]);
    await rehearse(stage, 'run', 'patronages', 'pairs.csv');
    const [real = '', rehearsal = ''] = stage.runs();
    expect(stage.summary(real)).toMatchObject({rehearsal: false, counts: counts({created: 1, failed: 1})});
    expect(stage.summary(rehearsal)).toMatchObject({
      rehearsal: true,
      counts: counts({created: 1, failed: 1}),
    });

    const refused = await stage.cli(['undo', rehearsal, '--yes', '--json', ...fast]);
    expect(errorOf(refused)).toMatchObject({
      code: 'rehearsal',
      exitCode: 2,
      hint: `bulk42 undo ${rehearsal} --sandbox`,
    });
    expect(errorOf(await rehearse(stage, 'retry', real, '--json'))).toMatchObject({
      code: 'rehearsal',
      hint: `bulk42 retry ${real}`,
    });
    // "last" is the last of its world.
    expect((await stage.cli(['undo', 'last', '--yes', ...fast])).code).toBe(0);
    expect(stage.summary()).toMatchObject({job: 'undo-patronages', rehearsal: false});
  });

  it('keeps its records private, without passwords, until they are reset', async () => {
    const stage = await openStage();
    stage.file('users.csv', csv('id,password,usual_first_name', 'jeanne,Correct-horse-1,Jo'));
    expect((await rehearse(stage, 'run', 'users', 'users.csv')).code).toBe(0);
    for (const name of readdirSync(world(stage))) {
      const path = join(world(stage), name);
      expect(statSync(path).mode & 0o077).toBe(0);
      expect(readFileSync(path, 'utf8')).not.toContain('horse');
    }
    stage.file('pairs.csv', csv('user_id,godfather_id', '46,64'));
    await rehearse(stage, 'run', 'patronages', 'pairs.csv');
    expect((await stage.cli(['sandbox', '--reset'], nothing)).code).toBe(0);
    expect((await rehearse(stage, 'run', 'patronages', 'pairs.csv')).code).toBe(0);
    expect(stage.summary()).toMatchObject({counts: counts({created: 1})});
  });

  it('takes place in the sandbox that is served, and in one at a time', async () => {
    const stage = await openStage();
    stage.file('pairs.csv', csv('user_id,godfather_id', '46,64'));
    const served = stage.start(['sandbox', '--json', '--per-second', '0'], nothing);
    const api = await new Promise<{url: string; uid: string; secret: string}>((resolve) => {
      served.child.stdout?.once('data', (line: Buffer) => resolve(JSON.parse(line.toString())));
    });
    expect((await rehearse(stage, 'run', 'patronages', 'pairs.csv')).code).toBe(0);
    // The same records, seen as any other client sees them.
    expect((await stage.cli(['run', 'patronages', 'pairs.csv', '--yes', ...fast], {api})).code).toBe(0);
    expect(stage.summary()).toMatchObject({rehearsal: false, counts: counts({unchanged: 1})});
    served.child.kill('SIGTERM');
    await served.ended;
    expect((await rehearse(stage, 'run', 'patronages', 'pairs.csv')).code).toBe(0);
    expect(stage.summary()).toMatchObject({rehearsal: true, counts: counts({unchanged: 1})});
  });
});
