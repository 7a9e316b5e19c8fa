import {readdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {scenarios} from '../helpers/harness/scenarios.ts';
import {openTrial} from '../helpers/harness/trial.ts';

const places = [
  {TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8'},
  {TZ: 'America/St_Johns', LANG: 'C', LC_ALL: 'C'},
  {TZ: 'Asia/Kathmandu', LANG: 'ar_EG.UTF-8', LC_ALL: 'ar_EG.UTF-8'},
  {TZ: 'Europe/Paris', LANG: 'de_DE.UTF-8', LC_NUMERIC: 'de_DE.UTF-8'},
];
const derived = ['report.csv', 'report.html', 'retry.csv', 'summary.json'];

it('a run that was killed twice, with rows of every outcome, is reported byte for byte alike everywhere', async () => {
  const trial = await openTrial(scenarios.blind, {rows: 14, concurrency: 1, shape: ['--ignore-unknown']});
  const {stage, file} = trial;
  stage.file(
    'rows.csv',
    `user_id,godfather_id,note\n${['Ünïcödé', 'ıİ', '١٢٣', '"a,b"', "'=1+1"]
      .map((note, at) => `${1000 + at},${1500 + at},${note}`)
      .join(
        '\n',
      )}\n1020,nobody-at-all,unknown\n${Array.from({length: 8}, (_, at) => `${1100 + at},1600,`).join('\n')}\n`,
  );
  const refused = {on: {method: 'POST'}, effect: 'none', answer: '403-role', nth: 2} as const;
  stage.sandbox.addFault(refused);
  await trial.kill({at: 'sent:write', nth: 4});
  await trial.kill({at: 'rename:report', when: 'before'});
  expect(await stage.cli(['resume', 'last', '--yes', '--settle', '0'])).toMatchObject({code: 21});
  const {counts} = stage.summary();
  expect(counts).toMatchObject({created: 11, failed: 2, in_doubt: 1});

  const folder = trial.run() ?? '';
  const contents = () => derived.map((name) => stage.output(name, folder.split('/').at(-1)));
  const before = contents();
  for (const env of places) {
    for (const name of derived) rmSync(join(folder, name));
    expect(await stage.cli(['report', 'last'], {env})).toMatchObject({code: 0});
    expect(contents()).toEqual(before);
  }
  expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  expect(file).toContain('rows.csv');
});
