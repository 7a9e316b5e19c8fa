import {describe, expect, it} from 'vitest';
import type {SandboxOptions} from '../../src/sandbox/server.ts';
import {applied, counts, fast, outcomes} from '../e2e/stage.ts';
import {changedRows, jobScenarios} from '../helpers/harness/job-scenarios.ts';
import {expectUndoSurvives} from '../helpers/harness/killed-undo.ts';
import {expectRandomSurvival} from '../helpers/harness/random-kills.ts';

const seed = Number(new Date().toISOString().slice(0, 10).replaceAll('-', ''));
const rows = 24;

/** What the documents leave open. */
const settings: [what: string, options: SandboxOptions, only?: string][] = [
  ['items name ids', {}],
  ['items nest what they name', {links: 'nested'}],
  ['lists ignore their filters', {filters: 'ignored'}],
  ['an account keeps its e-mail', {movesEmail: false}, 'users-create'],
];

// Where nothing can be read, a kill leaves rows in doubt: the tests of a push show that they are not sent again.
describe.each(jobScenarios.filter(({blind}) => !blind))(
  '$job, killed while responses get lost',
  (scenario) => {
    const {job, csv, canUndo, change} = scenario;

    it.each(settings.filter(([, , only = job]) => only === job))(
      '%s: none twice, none lost',
      async (_what, sandbox) => {
        const {stage} = await expectRandomSurvival({scenario, kills: 4, rows, seed, sandbox});
        stage.sandbox.clearFaults();
        const pace = ['--yes', ...fast];
        const written = applied(stage.sandbox).length;
        const again = await stage.cli(['run', job, 'rows.csv', ...pace]);
        expect({code: again.code, stderr: again.code === 0 ? '' : again.stderr}).toEqual({
          code: 0,
          stderr: '',
        });
        expect([stage.summary().counts, applied(stage.sandbox).length]).toEqual([
          counts({unchanged: rows}),
          written,
        ]);
        if (!canUndo) return;
        const run = stage.runs().find((id) => outcomes(stage.report(id)).includes('created')) ?? '';
        await expectUndoSurvives(stage, {run, rows, seed, reach: 80, pace});
      },
    );

    const existing = {...scenario, existing: csv};

    it.runIf(change).each(settings.slice(0, 3))(
      '%s, --existing update: none lost, and none twice',
      async (_what, sandbox) => {
        const updates = {...existing, once: false, csv: (count: number) => changedRows(scenario, count)};
        const shape = ['--existing', 'update'];
        const {stage} = await expectRandomSurvival({
          scenario: updates,
          kills: 4,
          rows,
          seed,
          method: 'PUT',
          shape,
          sandbox,
        });
        expect(stage.summary().counts).toEqual(counts({updated: rows}));
      },
    );

    it.runIf(canUndo).each(settings.slice(0, 3))('%s, remove: none lost', async (_what, sandbox) => {
      const removal = {...existing, command: 'remove', once: job !== 'cursus-users'} as const;
      const method = job === 'closes' ? 'PUT' : 'DELETE';
      const {stage} = await expectRandomSurvival({scenario: removal, kills: 4, rows, seed, method, sandbox});
      expect(stage.summary().counts).toEqual(counts({removed: rows}));
    });
  },
);
