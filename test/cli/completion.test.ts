import {spawnSync} from 'node:child_process';
import {chmodSync, mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {commands} from '../../src/cli/command-list.ts';
import {listJobs} from '../../src/job/load-jobs.ts';
import {execute} from '../docs/shell.ts';
import {program, runCli, temporaryFolder} from '../helpers/run-cli.ts';

/** Calls the function that the script installs, as the shell would at a press of Tab, and prints what it offers. */
const shells = {
  bash: {
    options: ['--norc'],
    press: (words: string[]) =>
      `COMP_WORDS=(${quoted(words)}); COMP_CWORD=${words.length - 1}; _bulk42; printf '%s\\n' "\${COMPREPLY[@]}"`,
  },
  fish: {
    options: ['--no-config'],
    // Without the files of the folder, which the other shells offer by themselves.
    press: (words: string[]) =>
      `complete -C '${words.join(' ')}' | string match -v -r '^(bulk42|runs/)$'; true`,
  },
  zsh: {
    options: ['-f'],
    press: (words: string[]) =>
      `compadd() { shift; print -rl -- "\${(@M)@:#\${words[CURRENT]}*}"; }; _files() { print; }
       words=(${quoted(words)}); CURRENT=${words.length}; _bulk42`,
  },
};

const quoted = (words: readonly string[]) => words.map((word) => `'${word}'`).join(' ');

describe.each(Object.entries(shells))('completion in %s', (name, {options, press}) => {
  const isMissing = spawnSync(name, ['-c', ':']).error !== undefined;

  it.skipIf(isMissing).each([
    ['ru', ['run', 'runs']],
    ['completi', ['completion']],
    ['run pat', ['patronages']],
    ['run --existing s', ['skip', 'send']],
    ['run users x.csv --max-', ['--max-changes', '--max-requests', '--max-failures']],
    ['resume ', ['last', '20261123T084200Z-users']],
    ['runs --remove 2026', ['20261123T084200Z-users']],
    ['run patronages x.csv --set god', ['godfather_id=']],
    ['completion f', ['fish']],
    ['validate users exp', []],
    ['frobnicate ', []],
  ])(`of "bulk42 %s" (skipped without ${name})`, async (typed, offered) => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'runs', '20261123T084200Z-users'), {recursive: true});
    writeFileSync(join(folder, 'runs', '20261123T084200Z-users', 'journal.ndjson'), '');
    writeFileSync(join(folder, 'bulk42'), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
    chmodSync(join(folder, 'bulk42'), 0o755);
    const load = name === 'zsh' ? 'autoload -Uz compinit && compinit -D -u; ' : '';
    const source = name === 'fish' ? 'bulk42 completion fish | source' : 'source <(bulk42 completion)';
    const script = `${load}${source}; ${press(['bulk42', ...typed.split(' ')])}`;
    const env = {PATH: `${folder}:/usr/bin:/bin`, HOME: folder};
    const {code, stdout, stderr} = await execute(name, [...options, '-c', script], folder, env);
    expect({code, stderr}).toEqual({code: 0, stderr: ''});
    expect(stdout.split('\n').filter((word) => word !== '')).toEqual(offered);
  });
});

it('knows every command and every job', async () => {
  const cwd = temporaryFolder();
  const offered = async (...words: string[]) =>
    (await runCli(['--get-yargs-completions', 'bulk42', ...words], {cwd})).stdout.trim().split('\n');
  expect(await offered('')).toEqual(commands.map(({usage}) => usage.split(' ')[0]));
  expect(await offered('template', '')).toEqual(await listJobs());
});
