import type {Page} from 'playwright-core';
import {afterAll, beforeAll, describe, expect, it, onTestFinished} from 'vitest';
import type {PlannedRow} from '../../src/plan/describe-row.ts';
import {axeFindings} from './axe-findings.ts';
import {Browser, browserPath} from './browser.ts';
import {planPage, problemsPage} from './made-up-pages.ts';
import {payloads} from './payloads.ts';

const visibleRows = `[...document.querySelectorAll('#row-table tbody tr')].filter((row) => row.getClientRects().length > 0).map(({cells}) => [...cells].filter((cell) => cell.getClientRects().length > 0).map(({innerText}) => innerText).slice(0, -1).join('|'))`;
const elements = `[...document.querySelectorAll('*')].map((each) => each.tagName + each.getAttributeNames().join()).sort()`;

const changes = [{column: 'pool_year', from: '2026', to: '2031'}];
const rows: PlannedRow[] = [
  {line: 2, action: 'update', target: 'id 46', changes, unreadable: ['status']},
  {
    line: 10,
    action: 'create',
    target: 'id jeanne',
    changes: [{column: 'email', from: undefined, to: 'j@example.org'}],
  },
  {line: 3, action: 'unchanged', target: 'id 47'},
  {
    line: 4,
    action: 'failed',
    target: 'id nobody',
    code: 'unknown_user',
    message: 'the API knows no user with this login: id nobody',
  },
  {line: 5, action: 'remove', target: 'id 48', message: 'id 7'},
  {line: 6, action: 'invalid', target: '', code: 'invalid_year', message: 'pool_year: not a year'},
];

describe.skipIf(browserPath === undefined)('a page of a plan or of problems', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await Browser.start({
      timezoneId: 'America/New_York',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
  });
  afterAll(() => browser?.close());

  const open = async (path: string): Promise<Page> => {
    browser.complaints.length = 0;
    const page = await browser.open(path);
    onTestFinished(() => page.close());
    return page;
  };
  const clipboard = (page: Page) => page.evaluate('navigator.clipboard.readText()');

  it('says what a run would do with each row, what that takes, and how to begin it', async () => {
    const page = await open(planPage(rows));
    expect(await page.getByRole('heading', {level: 1}).innerText()).toBe('2 of 6 rows cannot be sent');
    expect(await page.locator('.tile .label').allInnerTexts()).toEqual([
      'Cannot be sent',
      'Invalid',
      'To create',
      'To update',
      'To remove',
      'Left alone',
    ]);
    expect(await page.getByRole('heading', {level: 4}).allInnerTexts()).toEqual([
      'The login is unknown 1 row',
      'Not a year 1 row',
    ]);
    const effort = await page.locator('section:has(#effort)').innerText();
    for (const words of [
      '3 requests',
      '14 h 10 min',
      '24 Nov 2026, 00:10 Europe/Paris (06:10 PM your time, 23 Nov, 23:10 UTC)',
      '14 more',
      'Advanced tutor',
    ])
      expect(effort).toContain(words);
    expect(await page.locator('.lede').innerText()).toContain(
      '23 Nov 2026, 10:00 Europe/Paris (04:00 AM your time, 09:00 UTC)',
    );
    const text = await page.locator('body').innerText();
    expect(text).not.toMatch(/secret-folder|failed/i);

    await page.getByRole('button', {name: 'Copy this command'}).click();
    expect(await clipboard(page)).toBe("bulk42 run users 'my users.csv'");
    expect(browser.complaints).toEqual([]);
  });

  it('sorts, filters and copies rows with the keyboard, and shows values when asked', async () => {
    const page = await open(planPage(rows));
    const lines = async () => (await page.evaluate<string[]>(visibleRows)).map((row) => row.split('|')[0]);
    expect(await page.evaluate(visibleRows)).toEqual([
      '4|Cannot be sent|id nobody||unknown_user|the API knows no user with this login: id nobody',
      '6|Invalid|||invalid_year|pool_year: not a year',
      '10|To create|id jeanne|email||',
      '2|To update|id 46|pool_year; without comparing: status||',
      '5|To remove|id 48|||id 7',
      '3|Left alone|id 47|||',
    ]);
    const line = page.getByRole('columnheader', {name: 'Line'});
    await line.getByRole('button').focus();
    await page.keyboard.press('Enter');
    expect(await lines()).toEqual(['2', '3', '4', '5', '6', '10']);
    expect(await line.getAttribute('aria-sort')).toBe('ascending');
    await page.keyboard.press('Enter');
    expect(await lines()).toEqual(['10', '6', '5', '4', '3', '2']);
    await page.keyboard.press('Enter');
    expect(await lines()).toEqual(['4', '6', '10', '2', '5', '3']);
    expect(await line.getAttribute('aria-sort')).toBe('none');

    await page.getByRole('button', {name: 'Code'}).click();
    expect((await lines()).slice(0, 2)).toEqual(['6', '4']);

    await page.getByText('To update 1', {exact: true}).click();
    expect(await lines()).toEqual(['2']);
    await page.getByRole('searchbox').fill('2031');
    await expect.poll(lines).toEqual([]);
    await page.getByRole('switch', {name: 'Show values'}).press('Space');
    expect(await page.evaluate(visibleRows)).toEqual([
      '2|To update|id 46|pool_year; without comparing: status|||pool_year 2026 → 2031',
    ]);
    await page.getByRole('button', {name: 'Copy line 2'}).press('Enter');
    expect(await clipboard(page)).toMatch(/^2\tTo update\tid 46\t.*\tpool_year 2026 → 2031$/);
    expect(browser.complaints).toEqual([]);
  });

  it('groups what is wrong with a file, says what to do, and lists each problem', async () => {
    const path = await problemsPage(
      'user_id,cursus_id,begin_at,first_name,has_coalition',
      ...['maybe', 'perhaps', 'true'].map((word, at) => `${at + 46},9,2027-02-01,Jeanne,${word}`),
      '64,9,soon,Zoé,true',
    );
    const page = await open(path);
    expect(await page.getByRole('heading', {level: 1}).innerText()).toBe('3 of 4 rows are invalid');
    expect(await page.locator('.command').allInnerTexts()).toEqual([
      'bulk42 validate cursus-users piscine.csv',
      'bulk42 run cursus-users piscine.csv --on-invalid skip',
    ]);
    expect(await page.locator('.causes > li').allInnerTexts()).toEqual([
      expect.stringMatching(/^has_coalition: .* 2 rows\n.*Lines 2-3\s+invalid_boolean/s),
      expect.stringMatching(/^begin_at: .* 1 row\n.*Line 5\s+invalid_date_time/s),
    ]);
    expect(await page.locator('body').innerText()).not.toMatch(/perhaps|Jeanne/);

    await page.getByRole('button', {name: 'Show in the table'}).first().click();
    expect(await page.evaluate(visibleRows)).toEqual([
      '2|has_coalition|invalid_boolean|not a boolean',
      '3|has_coalition|invalid_boolean|not a boolean',
    ]);
    await page.getByRole('switch', {name: 'Show cells and names'}).click();
    expect((await page.evaluate<string[]>(visibleRows))[1]).toMatch(
      /^3\|has_coalition\|.*\|perhaps\|write true or false.*\|Jeanne$/,
    );
    expect(await page.locator('.causes').innerText()).toContain('line 2: maybe');
    expect(browser.complaints).toEqual([]);
  });

  it.each([
    ['plan', () => planPage(rows)],
    [
      'problems',
      () => problemsPage('user_id,cursus_id,begin_at', '46,9,soon', ',9,2027-02-01', '64,9,2027-02-01'),
    ],
    ['header', () => problemsPage('user_id,begin_at', '46,2027-02-01')],
    ['no problem', () => problemsPage('user_id,cursus_id', '46,9')],
  ])('passes the rules of axe-core (%s)', async (_, path) => {
    const page = await open(await path());
    await page.evaluate(`document.querySelector('#private')?.click()`);
    expect(await axeFindings(page)).toEqual([]);
  });

  it('shows every payload as the text that it is', async () => {
    const pageOf = (texts: readonly string[]) =>
      planPage(
        texts.map((text, at) => ({
          line: at + 2,
          action: 'update' as const,
          target: text,
          code: text,
          message: text,
          changes: [{column: text, from: text, to: text}],
        })),
        {job: texts[30] ?? '', baseUrl: texts[30] ?? '', warnings: [texts[30] ?? '']},
      );
    const page = await open(pageOf(payloads));
    expect(
      await page.evaluate(
        `[...document.querySelectorAll('#row-table tbody tr')].map(({cells}) => cells[5].textContent)`,
      ),
    ).toEqual(payloads);
    const found = await page.evaluate(elements);
    expect(browser.complaints).toEqual([]);
    const harmless = await open(pageOf(payloads.map((_, at) => `harmless-${at}`)));
    expect(found).toEqual(await harmless.evaluate(elements));
  });

  it('shows the first of ten thousand rows, and finds the others', async () => {
    const many = Array.from({length: 100_000}, (_, at): PlannedRow => ({
      ...(rows[at % 3] as PlannedRow),
      line: at + 2,
      target: `id user${at}`,
    }));
    many[70_000] = {...(rows[3] as PlannedRow), line: 70_002};
    const page = await open(planPage(many));
    expect(await page.locator('#row-table tbody tr').count()).toBe(10_000);
    const shown = page.locator('#shown');
    expect(await shown.innerText()).toBe('The first 3,000 of 10,000 rows shown; search for the others');
    await page.getByRole('searchbox').fill('nobody');
    await expect.poll(() => shown.innerText()).toBe('1 of the 10,000 listed rows shown');
    expect(await page.evaluate(visibleRows)).toEqual([expect.stringMatching(/^70002\|Cannot be sent/)]);
    expect(browser.complaints).toEqual([]);
  });
});
