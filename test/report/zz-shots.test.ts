import {it} from 'vitest';
import {mkdirSync} from 'node:fs';
import {writePage} from '../../src/report/page/write-page.ts';
import {Browser} from './browser.ts';
import {busyRun} from './busy-run.ts';
import {recordedRun} from './recorded-run.ts';
it('shots', async () => {
  mkdirSync('/tmp/shots/run', {recursive: true});
  const run = await recordedRun({folder: '/tmp/shots/run', ...busyRun()});
  await writePage(run.page, run.replayed, run.input);
  for (const [name, o] of [
    ['light', {}],
    ['dark', {colorScheme: 'dark'}],
    ['phone', {viewport: {width: 390, height: 844}, deviceScaleFactor: 2, isMobile: true}],
  ] as const) {
    const b = await Browser.start(o as never);
    const p = await b.open(run.page);
    const height = await p.evaluate('document.documentElement.scrollHeight');
    await p.screenshot({
      path: `/tmp/shots/${name}.png`,
      fullPage: true,
      scale: 'css',
      clip: {
        x: 0,
        y: 0,
        width: name === 'phone' ? 390 : 1200,
        height: Math.min(Number(height), name === 'phone' ? 4600 : 4200),
      },
    });
    if (name === 'light') await p.pdf({path: '/tmp/shots/print.pdf', format: 'A4', preferCSSPageSize: true});
    console.log(name, height, b.complaints);
    await b.close();
  }
});
