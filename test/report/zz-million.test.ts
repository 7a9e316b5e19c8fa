import {it} from 'vitest';
import {statSync, mkdirSync} from 'node:fs';
import {writePage} from '../../src/report/page/write-page.ts';
import {Browser} from './browser.ts';
import {inputOf, type MadeUpEntry, replayedFrom} from './made-up-input.ts';
import {began as t} from './recorded-run.ts';
it('million', async () => {
  const count = 1_000_000;
  const entries = function* (): Generator<MadeUpEntry> {
    for (let r = 2; r < count + 2; r++) {
      yield {k: 'intent', t: t + r * 20, r, a: 1, q: 'q'};
      if (r % 300 === 0)
        yield {
          k: 'done',
          t: t + r * 20,
          r,
          o: 'failed',
          st: 422,
          code: 'rejected',
          msg: `user_id: has already been taken by someone else in ${r}`,
        };
      else yield {k: 'done', t: t + r * 20, r, o: 'created', st: 201, id: r};
    }
  };
  const a = Date.now();
  const rep = replayedFrom(count, entries());
  const b = Date.now();
  mkdirSync('/tmp/shots/m', {recursive: true});
  await writePage(
    '/tmp/shots/m/report.html',
    rep,
    inputOf(count, (row) => [`user${row}`, `godfather${row}`, '', '']),
  );
  console.log(
    'fold',
    b - a,
    'write',
    Date.now() - b,
    statSync('/tmp/shots/m/report.html').size,
    Math.round(process.memoryUsage().rss / 1e6),
  );
  const br = await Browser.start();
  for (let i = 0; i < 3; i++) {
    const c = Date.now();
    const p = await br.open('/tmp/shots/m/report.html');
    console.log(
      'open',
      Date.now() - c,
      await p.evaluate(
        `(() => { const n = performance.getEntriesByType('navigation')[0]; return [n.domInteractive, n.domContentLoadedEventEnd, n.loadEventEnd, performance.getEntriesByType('paint').map(x => x.name+x.startTime).join()].join(' ') })()`,
      ),
    );
    console.log(
      await p.evaluate(
        `(() => { const s = document.getElementById('search'); s.value = '999'; const a = performance.now(); const r = document.querySelector('input[value=failed]'); r.checked = true; r.dispatchEvent(new Event('change')); document.body.offsetHeight; return performance.now() - a; })()`,
      ),
    );
    await p.close();
  }
  await br.close();
});
