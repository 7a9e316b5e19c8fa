import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {scenarios} from '../helpers/harness/scenarios.ts';
import {openTrial} from '../helpers/harness/trial.ts';
import {applied} from '../e2e/stage.ts';

const rows = 40;
const page = 4;
const largest = 64;

/** A file system of so many KiB, which takes whole pages. */
const mount = (folder: string, kib: number, how = 'size') =>
  execFileSync('mount', ['-t', 'tmpfs', '-o', `${how}=${kib}k,mode=700`, 'tmpfs', folder], {stdio: 'ignore'});
const unmount = (folder: string) => execFileSync('umount', [folder], {stdio: 'ignore'});

function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'bulk42-mount-'));
  try {
    mount(folder, largest);
    unmount(folder);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}

const sizes = Array.from({length: largest / page}, (_, at) => (at + 1) * page);

describe.skipIf(!canMount())('a disk that is really full (skipped where mounting is not allowed)', () => {
  it.each(['listable', 'unique', 'adding'] as const)(
    'ends a run with 74 at any size, and the run goes on where there is space again: %s',
    async (kind) => {
      const codes: (number | null)[] = [];
      for (const kib of sizes) {
        const trial = await openTrial(scenarios[kind], {rows});
        const folder = join(trial.stage.folder, 'runs');
        mkdirSync(folder, {mode: 0o700});
        mount(folder, kib);
        try {
          const {code, signal, stderr} = await trial.go();
          const facts = {kib, code, signal};
          expect({...facts, stderr: code === 0 ? '' : stderr}).toMatchObject({
            code: code === 0 ? 0 : 74,
            signal: null,
            stderr: code === 0 ? '' : expect.stringContaining('ENOSPC'),
          });
          codes.push(code);
          const {violations} = await trial.check(code === 0);
          expect({...facts, violations}).toEqual({...facts, violations: []});

          mount(folder, 4096, 'remount,size');
          const resumed = await trial.go();
          expect({...facts, resumed: resumed.code, stderr: resumed.code === 0 ? '' : resumed.stderr}).toEqual(
            {
              ...facts,
              resumed: 0,
              stderr: '',
            },
          );
          const end = await trial.check(true);
          expect({...facts, violations: end.violations}).toEqual({...facts, violations: []});
          expect(applied(trial.stage.sandbox)).toHaveLength(rows);
        } finally {
          unmount(folder);
        }
      }
      expect(codes).toContain(74);
      expect(codes.at(-1)).toBe(0);
    },
  );
});
