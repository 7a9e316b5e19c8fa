import {createHash} from 'node:crypto';
import {mkdtempSync, readdirSync, readFileSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, it, onTestFinished} from 'vitest';
import {busyRun} from './busy-run.ts';
import {inputOf, type MadeUpEntry, manyRows, replayedFrom} from './made-up-input.ts';
import {began, recordedRun} from './recorded-run.ts';
import {writePage} from './write-page.ts';

function pagePath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bulk42-test-'));
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
  return join(folder, 'report.html');
}

async function pageOf(
  cells: readonly (readonly string[])[],
  entries: Iterable<MadeUpEntry>,
): Promise<string> {
  const path = pagePath();
  await writePage(
    path,
    replayedFrom(cells.length, entries),
    inputOf(cells.length, (row) => cells[row] ?? []),
  );
  return readFileSync(path, 'utf8');
}

const t = began;

describe('report.html', () => {
  it('is the same, byte for byte, when it is built again elsewhere', async () => {
    const run = await recordedRun(busyRun());
    await writePage(run.page, run.replayed, run.input);
    const first = readFileSync(run.page);
    const {TZ, LANG} = process.env;
    onTestFinished(() => void Object.assign(process.env, {TZ: TZ ?? 'UTC', LANG: LANG ?? 'C'}));
    for (const [zone, language] of [
      ['Asia/Kathmandu', 'tr_TR.UTF-8'],
      ['America/St_Johns', 'ar_EG.UTF-8'],
    ] as const) {
      Object.assign(process.env, {TZ: zone, LANG: language});
      expect(new Date(began).getHours()).not.toBe(8);
      const {replayed, input} = await run.again();
      await writePage(run.page, replayed, input);
      expect(readFileSync(run.page).equals(first)).toBe(true);
    }
    expect(statSync(run.page).mode & 0o777).toBe(0o600);
    expect(readdirSync(run.folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('lets nothing run but its own script, by hash', async () => {
    const page = await pageOf([['jeanne', '12', 'j@example.org', 'hush']], []);
    const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]+)">/.exec(page)?.[1];
    const hashOf = (tag: string) => {
      const texts = [...page.matchAll(new RegExp(`<${tag}>([^]*?)</${tag}>`, 'g'))].map(
        ([, text]) => text ?? '',
      );
      expect(texts).toHaveLength(1);
      return `&#39;sha256-${createHash('sha256')
        .update(texts[0] ?? '')
        .digest('base64')}&#39;`;
    };
    expect(policy?.split('; ')).toEqual([
      'default-src &#39;none&#39;',
      `script-src ${hashOf('script')}`,
      `style-src ${hashOf('style')}`,
      'base-uri &#39;none&#39;',
      'form-action &#39;none&#39;',
    ]);
    expect(page).not.toMatch(/<[^>]+ (?:style|on\w+)=/);
    expect([...page.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, link]) => link)).toEqual(
      expect.arrayContaining(['#rows', 'report.csv', 'retry.csv']),
    );
    expect(page).not.toMatch(/(?:href|src)="(?!#rows|report\.csv|retry\.csv)/);
  });

  it('shows of a row what names it, and of the machine nothing', async () => {
    const entries: MadeUpEntry[] = [{k: 'invalid', t, r: 2, code: 'invalid_email', msg: 'email: no'}];
    const page = await pageOf([['jeanne', '', 'jeanne@example.org', 'hush-hush']], entries);
    expect(page).toContain('<td data-k="user_id">jeanne</td><td data-k="godfather_id">77</td>');
    expect(page.replaceAll(/<td class="private">.*?<\/td>/g, '')).not.toContain('jeanne@');
    expect(page).toContain('<b>email</b> <mark>jeanne@example.org</mark>');
    expect(page).not.toContain('hush');
    expect(page).toContain('rows.csv');
    expect(page).not.toContain('somewhere');
  });

  it('shows no cell of a row whose cells may stand under other names', async () => {
    const entries: MadeUpEntry[] = [
      {k: 'invalid', t, r: 2, code: 'too_few_cells', msg: '2 cells instead of 4'},
    ];
    const page = await pageOf([['j@example.org', 'hush-hush']], entries);
    expect(page).toContain('2 cells instead of 4');
    expect(page).not.toMatch(/j@|hush/);
  });

  it('says for every cause what it is, where, and how often', async () => {
    const entries: MadeUpEntry[] = [
      {k: 'invalid', t, r: 2, code: 'rule_of_my_own', msg: 'a: is odd'},
      {k: 'done', t, r: 3, o: 'failed', code: 'taken', msg: 'user_id has already been taken'},
      {k: 'done', t, r: 4, o: 'failed', code: 'taken', msg: 'user_id has already been taken'},
      {k: 'done', t, r: 5, o: 'failed', code: 'http_413', msg: ''},
      {k: 'intent', t, r: 6, a: 1, q: 'q'},
      {k: 'intent', t, r: 7, a: 1, q: 'q'},
      {k: 'doubt', t, r: 7, a: 1, why: 'http_502', st: 502},
    ];
    const page = await pageOf(
      Array.from({length: 8}, (_, row) => [`u${row}`, '1', '', '']),
      entries,
    );
    const headings = [...page.matchAll(/<h4>(.*?)<\/h4>/g)].map(([, heading]) =>
      heading?.replaceAll(/<[^>]+>/g, ''),
    );
    expect(headings).toEqual([
      'The server failed while it worked (502) 1 row',
      'The program ended before a response came 1 row',
      'The API says it exists 2 rows',
      'The API rejected the request (413) 1 row',
      'It breaks a rule 1 row',
    ]);
    expect(page).toContain(
      '<blockquote><bdi>user_id has already been taken</bdi> <span class="count">2 times</span>',
    );
    expect(page).toContain('Lines 3, 4</p>');
    expect(page).toContain('6 of 8 rows need attention, 2 not sent yet');
  });
});

describe('what report.html says to do', () => {
  const failed: MadeUpEntry = {k: 'done', t, r: 2, o: 'failed', st: 403, code: 'forbidden', msg: 'no'};
  const commands = async (entries: readonly MadeUpEntry[], undoOf?: string) => {
    const path = pagePath();
    const replayed = replayedFrom(2, entries, undoOf === undefined ? {} : {undoOf});
    await writePage(
      path,
      replayed,
      inputOf(2, () => ['1', '2', '', '']),
    );
    const page = readFileSync(path, 'utf8').replaceAll(/<\/?(?:span|bdi)[^>]*>/g, '');
    return {
      page,
      typed: [...page.matchAll(/<code class="command"> (.*?)<\/code>/g)].map(([, command]) => command),
    };
  };

  it('resumes before it retries', async () => {
    const {page, typed} = await commands([failed, {k: 'intent', t, r: 3, a: 1, q: 'q'}]);
    expect(typed.map((command) => command?.split(' ')[1])).toEqual(['resume', 'resolve', 'resolve', 'retry']);
    expect(page).toContain('once no row is in doubt');
  });

  it('resumes alone where nothing is wrong', async () => {
    const {page, typed} = await commands([{k: 'done', t, r: 2, o: 'created', st: 201}]);
    expect(typed).toEqual(['bulk42 resume 20261123T085000Z-patronages']);
    expect(page).toContain('1 of 2 rows not sent yet');
  });

  it('never retries an undo, which would create again what was removed', async () => {
    const {page, typed} = await commands(
      [failed, {k: 'done', t, r: 3, o: 'removed', st: 204}],
      '20261122T1-x',
    );
    expect(typed).toEqual(['bulk42 undo 20261122T1-x']);
    expect(page).not.toContain('retry');
    expect(page).toContain('the record is gone');
    expect(page).toContain('<td>Removed</td>');
    expect(page).not.toContain('Updated');
  });
});

describe('a report.html of many rows', () => {
  it('stays small, keeps what is rare, and says what it leaves out', async () => {
    const path = pagePath();
    const {replayed, input} = manyRows(100_000);
    await writePage(path, replayed, input);
    const page = readFileSync(path, 'utf8');
    expect(statSync(path).size).toBeLessThan(5_000_000);
    const lines = [...page.matchAll(/<tr data-group="(\w+)"><th scope="row">(\d+)/g)].map(
      ([, o, line]) => `${o} ${line}`,
    );
    expect(lines).toHaveLength(3000);
    expect(lines).toEqual(expect.arrayContaining(['failed 70001', 'updated 90001']));
    expect(lines.filter((each) => each.startsWith('invalid'))).toHaveLength(1999);
    expect(/<p>(The table lists .*?) Every row/.exec(page)?.[1]).toBe(
      'The table lists 3,000 of 100,000 rows: 2,000 of the 33,334 that need attention, every cause among them, and an even sample of the others. 97,000 rows are left out here.',
    );
    const unchanged = lines
      .filter((each) => each.startsWith('unchanged'))
      .map((each) => Number(each.slice(10)));
    expect(unchanged.filter((line) => line > 50_000).length).toBeGreaterThan(450);
  });

  it('stays small whatever the cells and the messages hold', async () => {
    const path = pagePath();
    const entries = function* (): Generator<MadeUpEntry> {
      for (let r = 2; r < 10_002; r++)
        yield {k: 'done', t, r, o: 'failed', code: 'rejected', msg: "'".repeat(300)};
    };
    const cells = ['"'.repeat(60_000), '\u{1f600}'.repeat(30_000), '', ''];
    await writePage(
      path,
      replayedFrom(10_000, entries()),
      inputOf(10_000, () => cells),
    );
    expect(statSync(path).size).toBeLessThan(5_000_000);
    const page = readFileSync(path, 'utf8');
    expect(page).not.toContain('\ufffd');
    expect(page.match(/<tr data-group/g)?.length).toBeGreaterThan(500);
  });
});
