import {format, resolveConfig} from 'prettier';
import {expect, it} from 'vitest';
import {settingOptions} from '../../src/cli/settings/setting-options.ts';
import {settingsSchema} from '../../src/cli/settings/settings-schema.ts';
import {listJobs} from '../../src/job/load-jobs.ts';
import {openPlace} from '../cli/messages/stage.ts';
import {runHere} from '../helpers/run-here.ts';
import {sources} from '../helpers/source-files.ts';
import {exampleSettings, jsonExample, renderConfiguration} from './render-configuration.ts';

async function formatted(text: string, parser: 'markdown' | 'json'): Promise<string> {
  return format(text, {...(await resolveConfig(import.meta.filename)), parser});
}

// `npm run docs` writes both.
it('docs/configuration.md is what the definitions say', async () => {
  await expect(await formatted(renderConfiguration(), 'markdown')).toMatchFileSnapshot(
    '../../docs/configuration.md',
  );
});

it('the published schema of bulk42.json is what the definitions say', async () => {
  const schema = JSON.stringify(settingsSchema(await listJobs()));
  await expect(await formatted(schema, 'json')).toMatchFileSnapshot('../../schemas/bulk42.schema.json');
});

it('the program takes the example of the page, and each of its tables', async () => {
  const place = await openPlace();
  place.file('berlin.env', 'FORTYTWO_UID=u-berlin\n');
  const each = Object.entries(settingOptions).map(([name, option]) => [name, jsonExample(name, option)]);
  for (const settings of [exampleSettings, Object.fromEntries(each)]) {
    place.file('bulk42.json', JSON.stringify(settings));
    const {exit, shown} = await runHere(
      ['config', 'cursus-users', '--profile', 'berlin'].slice(0, settings === exampleSettings ? 4 : 2),
    );
    expect({exit, shown}).toEqual({exit: 0, shown: ''});
  }
});

it('every variable that is read is on the page', () => {
  const read = sources.flatMap(({path, text}) =>
    ['config.ts', 'cli/terminal.ts'].includes(path) || path.startsWith('cli/')
      ? [...text.matchAll(/'((?:FORTYTWO|BULK42|XDG|CREDENTIALS)_[A-Z_]+)'/g)].map(([, name = '']) => name)
      : [],
  );
  const page = renderConfiguration();
  expect(read).toContain('FORTYTWO_UID');
  expect(read.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
