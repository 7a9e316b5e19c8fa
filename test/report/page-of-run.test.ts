import {readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {csv, fast, openStage} from '../e2e/stage.ts';

describe('the page of a run', () => {
  it('is written beside the other outputs, with the limits of the API, and rebuilt byte for byte', async () => {
    const stage = await openStage({perSecond: 40, perHour: 900});
    stage.file('pairs.csv', csv('user_id,godfather_id', '1,2', 'nobody-at-all,1'));
    const ran = await stage.cli(['run', 'patronages', 'pairs.csv', '--yes', ...fast]);
    expect(ran.code, ran.stderr).toBe(20);

    const page = stage.output('report.html');
    expect(page).toContain('1 of 2 rows needs attention');
    expect(page).toContain('It may send 40 a second and 900 an hour.');
    expect(page).toContain('Pair students with their godfathers');
    expect(page).toContain(`bulk42</span> <span>retry</span> <span>${stage.runs()[0] ?? ''}`);
    const path = join(stage.folder, 'runs', stage.runs()[0] ?? '', 'report.html');
    expect(statSync(path).mode & 0o777).toBe(0o600);

    const rebuilt = await stage.cli(['report', 'last'], {
      env: {TZ: 'Pacific/Chatham', LC_ALL: 'de_DE.UTF-8'},
    });
    expect(rebuilt.code).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe(page);
  });
});
