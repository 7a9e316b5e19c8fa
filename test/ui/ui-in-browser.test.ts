import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Page} from 'playwright-core';
import {describe, expect, it, onTestFinished} from 'vitest';
import {applied, counts, createGate, csv, openStage, type Stage} from '../e2e/stage.ts';
import {until} from '../helpers/until.ts';
import {axeFindings} from '../page/axe-findings.ts';
import {Browser, browserPath} from '../page/browser.ts';
import {payloads} from '../page/payloads.ts';
import {openUi} from './open-ui.ts';

async function openBrowser(options = {}): Promise<Browser> {
  const browser = await Browser.start(options);
  onTestFinished(() => browser.close());
  return browser;
}

const button = (page: Page, name: string | RegExp) => page.getByRole('button', {name});
const title = (page: Page, name: string | RegExp) => page.getByRole('heading', {level: 1, name}).waitFor();

/** Steps 1 and 2. */
async function choose(page: Page, stage: Stage, job: string, file: string): Promise<void> {
  await page.getByRole('radio', {name: new RegExp(`^${job}\\b`)}).check();
  await page.setInputFiles('input[type=file]', join(stage.folder, file));
  await page.locator('.drop').getByText(file).waitFor();
  await button(page, 'Continue').click();
  await title(page, 'Which column is which?');
}

describe.skipIf(browserPath === undefined)('bulk42 ui in Chromium', () => {
  it('leads from a French export to a finished run and its undo', async () => {
    const stage = await openStage();
    const {address} = await openUi(stage);
    const browser = await openBrowser();
    const page = await browser.openAddress(address);
    await title(page, 'What is to be done?');
    expect(page.url()).not.toContain('#');
    const rows = ['Jeanne;1000;31/08/2031;x', 'Léa;1001;31/09/2031;y', 'Paul;1002;15/09/2031;z'];
    const text = ['Prénom;Identifiant;Date de début;Commentaire', ...rows, ''].join('\r\n');
    writeFileSync(join(stage.folder, 'piscine.csv'), Buffer.from(text, 'latin1'));
    await choose(page, stage, 'cursus-users', 'piscine.csv');
    await page.getByText('Not read: Prénom, Commentaire').waitFor();
    // The file holds people, and must not get into a repository.
    expect(readFileSync(join(stage.folder, 'runs', '.gitignore'), 'utf8')).toBe('*\n');
    expect(await button(page, 'Check the rows').isDisabled()).toBe(true);
    await page.getByLabel('One value for all rows for cursus_id').fill('9');
    await page.getByLabel('One value for all rows for cursus_id').blur();
    // As it was given: a corrected copy is UTF-8 all the same.
    await page.getByText('How the file is read').click();
    await page.getByLabel('Encoding').selectOption('windows-1252');
    await button(page, 'Check the rows').click();

    await title(page, 'What has to be corrected?');
    const wrong = page.getByLabel('Date de début, line 3');
    expect(await wrong.getAttribute('aria-invalid')).toBe('true');
    await page.getByLabel(/Replace 31\/09\/2031/).fill('30/09/2031');
    await button(page, 'Replace').click();
    await page.getByLabel(/Go on without the rows/).check();
    await page.getByLabel(/Go on without the rows/).uncheck();
    await button(page, /^Save 1 correction/).click();
    await title(page, 'Every row fits');
    await page.getByText('The same in the terminal').click();
    await page.getByText('bulk42 validate cursus-users piscine-corrected.csv').waitFor();
    await button(page, 'Plan').click();
    await title(page, 'This is what will happen');
    expect(applied(stage.sandbox)).toEqual([]);
    await button(page, 'Send 3 rows').click();
    await title(page, 'The run is finished');
    const ids = [...stage.sandbox.store.cursusUsers.values()].slice(-3);
    expect(ids).toMatchObject([
      {user_id: 1000, cursus_id: 9, begin_at: '2031-08-31T00:00:00.000Z'},
      {user_id: 1001, cursus_id: 9, begin_at: '2031-09-30T00:00:00.000Z'},
      {user_id: 1002, cursus_id: 9, begin_at: '2031-09-15T00:00:00.000Z'},
    ]);

    await button(page, 'All runs').click();
    await button(page, 'Undo').click();
    await button(page, 'Remove 3 records').click();
    await title(page, 'The run is finished');
    expect(stage.summary().counts).toEqual(counts({removed: 3}));
    expect(browser.complaints).toEqual([]);
  });

  it('shows a run to a page that is opened again, stops it, and resumes it after its process was killed', async () => {
    const first = createGate(3);
    const stage = await openStage(first.options);
    const ui = await openUi(stage, '--concurrency', '1');
    const browser = await openBrowser();
    const page = await browser.openAddress(ui.address);
    stage.file(
      'pairs.csv',
      csv('user_id,godfather_id', ...[0, 1, 2, 3, 4, 5].map((at) => `${1000 + at},64`)),
    );
    await choose(page, stage, 'patronages', 'pairs.csv');
    await button(page, 'Check the rows').click();
    await button(page, 'Plan').click();
    await button(page, 'Send 6 rows').click();
    await first.reached();
    await page.close();
    const again = await browser.openAddress(ui.address);
    await title(again, 'Sending');
    const other = await browser.openAddress(ui.address);
    await button(other, 'Stop').click();
    await title(again, 'Stopping');
    first.open();
    await title(again, 'The run has stopped');
    await title(other, 'The run has stopped');
    expect(stage.summary()).toMatchObject({state: 'stopped', stopReason: 'page'});
    expect(stage.output('report.html')).toContain('It was stopped in the page.');
    const left = 6 - applied(stage.sandbox).length;
    expect(left).toBeGreaterThan(0);

    const held = {
      on: {method: 'POST', path: 'patronages'},
      times: 1,
      effect: 'before',
      answer: 'hang',
    } as const;
    stage.sandbox.addFault(held);
    await button(again, /^Resume/).click();
    await button(again, /^Send \d/).click();
    await until(() => applied(stage.sandbox).length > 6 - left);
    ui.child.kill('SIGKILL');
    const next = await openUi(stage);
    const fresh = await browser.openAddress(next.address);
    await button(fresh, 'All runs').click();
    await fresh.getByText('interrupted').waitFor();
    await button(fresh, 'Resume').click();
    await button(fresh, /^Send \d/).click();
    await title(fresh, 'The run is finished');
    expect(stage.summary().counts).toEqual(counts({created: 6}));
    expect(applied(stage.sandbox)).toHaveLength(6);
  });

  it('shows what stands in cells and never runs it; no finding of axe at any step, in the dark and at 360 px', async () => {
    const stage = await openStage();
    const {address} = await openUi(stage);
    const browser = await openBrowser({colorScheme: 'dark', viewport: {width: 360, height: 740}});
    const page = await browser.openAddress(address);
    await title(page, 'What is to be done?');
    expect(await axeFindings(page)).toEqual([]);
    const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const harmful = payloads.map((payload, at) => `${1000 + at},64,${cell(payload)}`);
    stage.file(
      'pairs.csv',
      csv(`user_id,godfather_id,${cell(payloads[0] ?? '')}`, ...harmful, '1900,nobody here,x'),
    );
    await choose(page, stage, 'patronages', 'pairs.csv');
    expect(await axeFindings(page)).toEqual([]);
    await button(page, 'Check the rows').click();
    await title(page, 'What has to be corrected?');
    expect(await axeFindings(page)).toEqual([]);
    await page.getByLabel(/Go on without the rows/).check();
    await button(page, 'Plan').click();
    await title(page, 'This is what will happen');
    expect(await axeFindings(page)).toEqual([]);
    await button(page, /^Send \d/).click();
    await title(page, 'The run is finished');
    expect(await axeFindings(page)).toEqual([]);
    await button(page, 'All runs').click();
    await button(page, 'Retry').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(browser.complaints).toEqual([]);
  });
});
