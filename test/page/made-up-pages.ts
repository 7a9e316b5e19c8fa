import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {onTestFinished} from 'vitest';
import {prepareInput} from '../../src/input/prepare-input.ts';
import {renderProblemsPage} from '../../src/input/render-problems-page.ts';
import {loadJob} from '../../src/job/load-jobs.ts';
import type {PlannedRow} from '../../src/plan/describe-row.ts';
import type {PlanDocument} from '../../src/plan/plan-document.ts';
import {renderPlanPage} from '../../src/plan/render-plan-page.ts';

/** Nine in the morning, in Paris ten. */
const now = Date.UTC(2026, 10, 23, 9, 0);

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'bulk42-test-'));
  onTestFinished(() => rmSync(path, {recursive: true, force: true}));
  return path;
}

function written(page: string): string {
  const path = join(folder(), 'page.html');
  writeFileSync(path, page);
  return path;
}

/** A page of a plan with these rows, in the zone of Paris. */
export function planPage(rows: PlannedRow[], more: Partial<PlanDocument> = {}): string {
  const counts = {create: 0, update: 0, remove: 0, unchanged: 0, failed: 0, invalid: 0};
  for (const {action} of rows) counts[action]++;
  const writes = counts.create + counts.update + counts.remove;
  const document: PlanDocument = {
    formatVersion: 1,
    job: 'users',
    jobHash: '',
    input: {path: '/srv/secret-folder/users.csv', sha256: 'f00d', rows: rows.length},
    baseUrl: 'https://api.intra.42.fr',
    existing: 'update',
    onInvalid: 'skip',
    options: {map: {}, set: {}, timezone: 'Europe/Paris', ignoreUnknown: false},
    counts,
    requests: {reads: 4, writes, total: writes + 4},
    schedule: {
      finishesAt: '2026-11-23T23:10:00.000Z',
      seconds: 51_000,
      thisHour: 1180,
      furtherHours: 14,
      text: '',
    },
    rows,
    warnings: ['the application lacks the role Advanced tutor'],
    digest: '',
    ...more,
  };
  return written(renderPlanPage(document, {now, command: "bulk42 run users 'my users.csv'"}));
}

/** A page of what is wrong with a file of enrolments. */
export async function problemsPage(...lines: readonly string[]): Promise<string> {
  const path = join(folder(), 'piscine.csv');
  writeFileSync(path, `${lines.join('\n')}\n`);
  const shape = {map: {}, set: {}, timezone: 'UTC', ignoreUnknown: true};
  const checked = await prepareInput(path, await loadJob('cursus-users'), shape, {now: new Date(now)});
  await checked.input.close();
  const commands = {
    validate: 'bulk42 validate cursus-users piscine.csv',
    run: 'bulk42 run cursus-users piscine.csv',
  };
  return written(renderProblemsPage(checked, {now, file: path, timezone: 'UTC', commands}));
}
