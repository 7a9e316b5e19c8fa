import {spawnSync} from 'node:child_process';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {root} from '../helpers/source-files.ts';
import {renderManPage} from './render-man-page.ts';

it('docs/bulk42.1 is what the definitions say', async () => {
  await expect(renderManPage()).toMatchFileSnapshot('../../docs/bulk42.1');
});

const hasMan = spawnSync('groff', ['--version']).status === 0;

it.skipIf(!hasMan)('the man page is read without a warning (skipped without groff)', () => {
  const {status, stderr, stdout} = spawnSync(
    'groff',
    ['-man', '-ww', '-Tutf8', '-rLL=200n', join(root, 'docs', 'bulk42.1')],
    {encoding: 'utf8'},
  );
  expect({status, stderr}).toEqual({status: 0, stderr: ''});
  // Bold and italic are colours or overstrikes, as the version of groff has it.
  const page = stdout.replaceAll(/\u001b\[\d+m|.\u0008/g, '');
  for (const words of [
    'bulk42 run [job] [file]',
    '--progress auto|plain|json|none',
    '$ bulk42 resume last',
    '--changed-since value',
  ])
    expect(page).toContain(words);
});
