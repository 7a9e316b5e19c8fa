import {describe, expect, it} from 'vitest';
import {atTerminal, type TerminalOptions} from '../helpers/at-terminal.ts';
import {csv, fast, openStage, writes} from '../e2e/stage.ts';

/** One enrolment that has begun and one that has not, made by a run. */
async function openEnrolments() {
  const stage = await openStage();
  stage.file('enrol.csv', csv('user_id,cursus_id,begin_at', '46,9,2020-01-01', '64,9,2099-01-01'));
  const {code} = await stage.cli(['run', 'cursus-users', 'enrol.csv', '--yes', ...fast]);
  expect(code).toBe(0);
  const [run = ''] = stage.runs();
  const type = (args: string[], more: Partial<TerminalOptions> = {}) =>
    atTerminal([...args, ...fast], {cwd: stage.folder, api: stage.sandbox, ...more});
  return {stage, run, type};
}

describe('an undo', () => {
  it('shows what it would remove, by line and id, and the requests that it takes; a no removes nothing', async () => {
    const {stage, run, type} = await openEnrolments();
    const before = writes(stage.sandbox).length;
    const {code, lines, drawn} = await type(['undo', 'last'], {answers: [[/\[y\/N\]/, 'n']]});
    expect(code).toBe(2);
    expect(lines[0]).toMatch(new RegExp(`^undo of ${run} on 127.*: 2 rows, 2 to remove$`));
    expect(lines.slice(1, 3)).toEqual([
      expect.stringMatching(/^ {2}- line 2: user_id 46, cursus_id 9 {2}id \d+$/),
      expect.stringMatching(/^ {2}- line 3: user_id 64, cursus_id 9 {2}id \d+$/),
    ]);
    // The one that has begun is moved to the future first.
    expect(lines[3]).toMatch(/^3 requests, done about .* \(in \d+ s\)$/);
    expect(drawn).toContain('Remove 2 records? [y/N]');
    expect(writes(stage.sandbox)).toHaveLength(before);
  });

  it('ends with the number of removed records', async () => {
    const {run, type} = await openEnrolments();
    const {code, lines} = await type(['undo', run], {answers: [[/\[y\/N\]/, 'y']]});
    expect(code).toBe(0);
    expect(lines).toContainEqual(expect.stringContaining('undo-cursus-users finished: 2 rows, 2 removed'));
  });
});

it('a resume of a finished run shows that nothing is left, and how it ended', async () => {
  const {run, type} = await openEnrolments();
  const {code, lines} = await type(['resume', 'last']);
  expect(code).toBe(0);
  expect(lines[0]).toMatch(new RegExp(`^nothing .*${run}$`));
  expect(lines[1]).toBe('cursus-users finished: 2 rows, 2 created');
});

describe('a run', () => {
  it('that has nothing to send shows that, asks nothing, and leaves the report', async () => {
    const {stage, type} = await openEnrolments();
    const {code, lines} = await type(['run', 'cursus-users', 'enrol.csv']);
    expect(code).toBe(0);
    expect(lines).toContainEqual(expect.stringMatching(/^nothing to send; \d+ reads made for this plan$/));
    expect(lines).toContainEqual(
      `report: runs/${stage.runs().at(-1)}/report.html, every row in report.csv beside it`,
    );
  });

  it('of a rehearsal that leaves rows shows how to go on, in the rehearsal alone', async () => {
    const stage = await openStage();
    stage.file('pairs.csv', csv('user_id,godfather_id', '46,64', '64,46'));
    const given = {cwd: stage.folder};
    const stopped = await atTerminal(
      ['run', 'patronages', 'pairs.csv', '--sandbox', '--yes', '--max-requests', '3'],
      given,
    );
    expect(stopped.code).toBe(75);
    expect(stopped.lines.at(-2)).toBe(
      `rows are left; go on with: bulk42 resume ${stage.runs()[0]} --sandbox`,
    );
    const refused = await atTerminal(['resume', stage.runs()[0] ?? '', '--yes'], given);
    expect(refused.code).toBe(2);
    expect(refused.lines[1]).toMatch(/→ bulk42 resume \S+ --sandbox/);
    expect((await atTerminal(['resume', 'last', '--yes', '--sandbox'], given)).code).toBe(0);
  });
});

it.each([{CI: 'true'}, {TERM: 'dumb'}])(
  'there is no one to ask where the environment has %j',
  async (env) => {
    const {stage, type} = await openEnrolments();
    const {code, lines, drawn} = await type(['undo', 'last'], {env});
    expect(code).toBe(2);
    expect(lines.join(' ')).toMatch(/cannot be asked.*--yes/);
    expect(drawn).not.toContain('[y/N]');
    // Of a terminal that draws nothing no mark is asked.
    if (env.TERM) expect(drawn).not.toContain('\u001b');
    expect(writes(stage.sandbox)).toHaveLength(2);
  },
);
