import {mkdtempSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it, onTestFinished} from 'vitest';
import {id, text} from '../../src/job/columns/columns.ts';
import {defineJob} from '../../src/job/define-job.ts';
import {createJob, type Job} from '../../src/job/job.ts';
import type {Entry} from '../../src/journal/entry.ts';
import {axeFindings} from '../page/axe-findings.ts';
import {Browser, browserPath} from '../page/browser.ts';
import {busyRun} from './busy-run.ts';
import {manyRows} from './made-up-input.ts';
import {payloads} from '../page/payloads.ts';
import {recordedRun, type Recording} from './recorded-run.ts';
import {writePage} from './write-page.ts';

if (browserPath === undefined)
  console.warn('SKIPPED: the tests of report.html in a browser need chromium (apt-get install chromium)');

async function writtenPage(recording: Recording): Promise<string> {
  const run = await recordedRun(recording);
  await writePage(run.page, run.replayed, run.input);
  return run.page;
}

/** Pairs of words of the charts that stand on each other. */
const overlaps = `(() => {
  const words = [...document.querySelectorAll('.requests text, .chart-title > *')].map((each) => [each.textContent, each.getBoundingClientRect()]);
  return words.flatMap(([one, a], at) => words.slice(at + 1)
    .filter(([, b]) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
    .map(([other]) => one + ' / ' + other));
})()`;

/** Rows that can be seen, in any way of hiding. */
const visibleRows = `[...document.querySelectorAll('#row-table tbody tr')].filter((row) => row.getClientRects().length > 0).length`;

describe.skipIf(browserPath === undefined)('report.html in a browser', () => {
  let browser: Browser;
  let busyPage: string;
  const cleanUps: (() => unknown)[] = [];
  beforeAll(async () => {
    busyPage = await writtenPage({...busyRun(), whenOver: (cleanUp) => cleanUps.push(cleanUp)});
    browser = await Browser.start({timezoneId: 'Europe/Paris'});
  });
  afterAll(async () => {
    await browser?.close();
    for (const cleanUp of cleanUps) await cleanUp();
  });

  const open = async (path: string) => {
    browser.complaints.length = 0;
    const page = await browser.open(path);
    onTestFinished(() => page.close());
    return page;
  };

  it('says how the run went, what to do first, and when requests were sent', async () => {
    const page = await open(busyPage);

    expect(await page.getByRole('heading', {level: 1}).innerText()).toBe('26 of 3,000 rows need attention');
    expect(await page.getByRole('heading', {level: 2}).allInnerTexts()).toEqual([
      'Rows by outcome',
      'What needs attention',
      'Requests over time',
      'Rows',
      'About this run',
    ]);
    expect(await page.getByRole('heading', {level: 3}).allInnerTexts()).toEqual([
      'In doubt 3 rows',
      'Failed 18 rows',
      'Invalid 5 rows',
    ]);
    expect(await page.locator('.command').allInnerTexts()).toEqual([
      'bulk42 resume 20261123T085000Z-patronages',
      'bulk42 resolve 20261123T085000Z-patronages --line 814 --as applied',
      'bulk42 resolve 20261123T085000Z-patronages --line 814 --as not-applied',
      'bulk42 retry 20261123T085000Z-patronages',
      'bulk42 retry 20261123T085000Z-patronages',
    ]);
    expect(
      await page.evaluate(`[...document.querySelectorAll('[role=img]')].map((each) => each.ariaLabel)`),
    ).toEqual([
      'Of 3,000: Created 2,787, Unchanged 187, Invalid 5, Failed 18, In doubt 3',
      'Requests a second: at most 1.9, the limit is 2',
      'Used of the hour’s budget: at most 1,200, the limit is 1,200',
    ]);
    expect(await page.locator('.lede').innerText()).toContain(
      'began 23 Nov 2026, 08:50 UTC (09:50 AM your time)',
    );
    expect(browser.complaints).toEqual([]);
  });

  it('finds rows by outcome and by words, and says how many', async () => {
    const page = await open(busyPage);
    const shown = page.getByRole('status');
    expect(await shown.innerText()).toBe('All 3,000 listed rows shown');

    await page.getByText('Needs attention 26').click();
    expect(await shown.innerText()).toBe('26 of the 3,000 listed rows shown');
    await page.keyboard.press('ArrowRight');
    expect(await shown.innerText()).toBe('3 of the 3,000 listed rows shown');
    expect(await page.evaluate(visibleRows)).toBe(3);

    await page.getByText('All 3,000', {exact: true}).click();
    await page.getByRole('searchbox', {name: 'Search'}).fill('CLEROY227 taken');
    await expect.poll(() => shown.innerText()).toBe('1 of the 3,000 listed rows shown');
    expect(await page.locator('#row-table tbody tr:visible').innerText()).toMatch(
      /^229\s+Failed\s+cleroy227\s+iroux2399\s+422/,
    );

    await page.getByRole('searchbox').fill('nobody');
    await expect.poll(() => shown.innerText()).toBe('None of the 3,000 listed rows shown');
    await page.getByRole('button', {name: 'Show in the table'}).nth(2).click();
    expect(await shown.innerText()).toBe('7 of the 3,000 listed rows shown');
    expect(browser.complaints).toEqual([]);
  });

  it('is usable with the keyboard alone, and complete without its script', async () => {
    const page = await open(busyPage);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the rows');
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('rows');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.id')).toBe('search');
    expect(await page.getByRole('columnheader').allInnerTexts()).toEqual([
      'Line',
      'Outcome',
      'user_id',
      'godfather_id',
      'Status',
      'Id',
      'Code',
      'Message',
    ]);

    const still = await Browser.start({javaScriptEnabled: false});
    onTestFinished(() => still.close());
    const quiet = await still.open(busyPage);
    expect(await quiet.locator('#row-table tbody tr').count()).toBe(3000);
    expect(await quiet.getByRole('searchbox').count()).toBe(0);
    expect(await quiet.getByRole('button', {name: 'Show in the table'}).count()).toBe(0);
  });

  it('prints without controls and with a bounded part of its table', async () => {
    const page = await open(busyPage);
    const pdf = await page.pdf({format: 'A4'});
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length).toBeLessThan(12);

    await page.emulateMedia({media: 'print'});
    expect(await page.getByRole('searchbox').isVisible()).toBe(false);
    expect(await page.evaluate(visibleRows)).toBe(200);
    await page.emulateMedia({media: 'screen'});
    await page.getByText('Created 2,787', {exact: true}).last().click();
    await page.emulateMedia({media: 'print'});
    expect(await page.evaluate(visibleRows)).toBe(2787);
  });

  it.each(['light', 'dark'] as const)(
    'has words that stand out enough from their ground (%s)',
    async (colorScheme) => {
      const page = await open(await writtenPage({...busyRun(), entries: everyOutcome()}));
      await page.emulateMedia({colorScheme});
      const weak = await page.evaluate(weakContrasts);
      expect(weak).toEqual([]);
    },
  );

  it('passes the rules of axe-core, and shows the cells of a row when asked', async () => {
    const rows = Array.from({length: 70}, (_, at) => `user${at},friend${at},maybe`);
    const lines = ['user_id,godfather_id,ongoing', ...rows];
    const page = await open(await writtenPage({lines, entries: everyOutcome()}));
    expect(await page.locator('body').innerText()).not.toContain('maybe');
    await page.getByRole('switch', {name: 'Show all cells'}).press('Space');
    expect(await page.locator('#row-table tbody tr').first().innerText()).toContain('ongoing maybe');
    expect(await axeFindings(page)).toEqual([]);
  });

  it('fits a phone without scrolling sideways', async () => {
    const page = await open(busyPage);
    await page.setViewportSize({width: 340, height: 700});
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(340);
    expect(await page.evaluate('document.querySelector(".scroll").scrollWidth')).toBeLessThanOrEqual(340);
  });

  it.each([
    ['an hour', () => busyRun().entries],
    ['a minute', everyOutcome],
  ])(
    'draws the limits over the requests of %s, and no word over another, on a phone too',
    async (_, entries) => {
      const page = await open(await writtenPage({...busyRun(), entries: entries()}));
      for (const width of [1200, 390, 340]) {
        await page.setViewportSize({width, height: 700});
        expect(await page.locator('.requests line.limit').count()).toBe(2);
        expect(await page.evaluate(overlaps)).toEqual([]);
      }
    },
  );

  it('opens many rows as a table of a few', async () => {
    const {replayed, input} = manyRows(40_000);
    const folder = mkdtempSync(join(tmpdir(), 'bulk42-test-'));
    onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
    await writePage(join(folder, 'report.html'), replayed, input);
    expect(statSync(join(folder, 'report.html')).size).toBeLessThan(5_000_000);

    const page = await open(join(folder, 'report.html'));
    expect(await page.locator('#row-table tbody tr').count()).toBe(3000);
    await page.getByText('Failed 1', {exact: true}).last().click();
    expect(await page.locator('#row-table tbody tr:visible').innerText()).toContain('user27999');
    expect(browser.complaints).toEqual([]);
  });

  it('shows every payload as the text that it is', async () => {
    expect(payloads.length).toBeGreaterThan(200);
    const page = await open(await writtenPage(runWith(payloads)));
    const rows = await page.evaluate(
      `[...document.querySelectorAll('#row-table tbody tr')].map(({cells}) => [cells[2].textContent, cells[7].textContent])`,
    );
    expect(rows).toEqual(payloads.map((payload) => [payload, payload]));
    const elements = `[...document.querySelectorAll('*')].map((each) => each.tagName + each.getAttributeNames().join()).sort()`;
    const found = await page.evaluate(elements);
    expect(browser.complaints).toEqual([]);

    const harmless = await open(await writtenPage(runWith(payloads.map((_, at) => `harmless-${at}`))));
    expect(found).toEqual(await harmless.evaluate(elements));
  });
});

/** A row for each text, which stands in its key, its code and the API's words; one is in the run's own facts too. */
function runWith(texts: readonly string[]): Recording {
  const fact = texts[30] ?? '';
  return {
    job: freeText(),
    lines: ['name,place', ...texts.map((each, at) => `"${each.replaceAll('"', '""')}",${at}`)],
    entries: texts.map((msg, at): [number, Entry] => [
      at * 1000,
      {k: 'done', r: at + 2, o: 'failed', st: 422, code: msg, msg},
    ]),
    header: {baseUrl: fact, run: fact, tool: fact, undoOf: fact, job: fact},
  };
}

function freeText(): Job {
  const definition = defineJob({
    summary: 'Name a place',
    needs: {roles: []},
    columns: {name: text('The name').required(), place: id('The place').required()},
    keys: [['name', 'place']],
    request: (row) => ({method: 'POST', path: ['places'], body: row}),
    readBack: [],
  });
  return createJob('places', definition);
}

function* everyOutcome(): Generator<readonly [number, Entry]> {
  yield [0, {k: 'done', r: 2, o: 'created', st: 201, id: 7}];
  yield [0, {k: 'done', r: 3, o: 'updated', st: 200}];
  yield [0, {k: 'unchanged', r: 4}];
  yield [0, {k: 'invalid', r: 5, code: 'required', msg: 'user_id: empty'}];
  yield [0, {k: 'done', r: 6, o: 'failed', st: 422, code: 'rejected', msg: 'no'}];
  for (let second = 0; second < 60; second++)
    yield [second * 1000, {k: 'intent', r: 7 + second, a: 1, q: 'q'}];
  yield [60_000, {k: 'limits', perSecond: 2, perHour: 1200}];
}

/** Texts whose contrast is under 4.5 to 1, as in level AA of WCAG 2. */
const weakContrasts = `(() => {
  const rgba = (color) => { const [r, g, b, a = 1] = color.match(/[\\d.]+/g).map(Number); return {r, g, b, a}; };
  const light = ({r, g, b}) => {
    const [x, y, z] = [r, g, b].map((part) => (part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const groundOf = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const ground = rgba(getComputedStyle(each).backgroundColor);
      if (ground.a === 1) return ground;
    }
    return {r: 255, g: 255, b: 255};
  };
  const weak = [];
  for (const element of document.querySelectorAll('main *, header *, footer *')) {
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()) || !element.getClientRects().length) continue;
    const style = getComputedStyle(element);
    const [one, other] = [light(rgba(element.closest('svg') ? style.fill : style.color)), light(groundOf(element))];
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (contrast < 4.5) weak.push(element.className + ' ' + element.textContent.slice(0, 30) + ' ' + contrast.toFixed(2));
  }
  return [...new Set(weak)];
})()`;
