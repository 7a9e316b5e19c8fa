import {execFileSync} from 'node:child_process';
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {createPrivateFile, replaceFile, replaceFiles} from '../../src/files/write-file.ts';
import {DiskError} from '../../src/errors.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bulk42-csv-'));
});
afterEach(() => rm(folder, {recursive: true}));

describe('a file that is replaced', () => {
  test('holds all that was written, for the owner alone, and leaves nothing else', async () => {
    const path = join(folder, 'summary.json');
    await writeFile(path, 'old', {mode: 0o644});
    const chunks = Array.from({length: 3000}, (_, i) => `${i} é€ ${'x'.repeat(50)}\n`);
    await replaceFiles([path], async ([file]) => {
      for (const chunk of chunks) await file.write(chunk);
    });
    expect(await readFile(path, 'utf8')).toBe(chunks.join(''));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['summary.json']);
  });

  test('is empty when nothing was written', async () => {
    const path = join(folder, 'empty');
    await replaceFile(path, '');
    expect(await readFile(path, 'utf8')).toBe('');
  });

  test('replaces a symbolic link and leaves alone what it points to', async () => {
    const target = join(folder, 'passwd');
    const path = join(folder, 'report.csv');
    await writeFile(target, 'precious');
    await symlink(target, path);
    await replaceFile(path, 'new');
    expect(await readFile(target, 'utf8')).toBe('precious');
    expect((await lstat(path)).isSymbolicLink()).toBe(false);
    expect(await readFile(path, 'utf8')).toBe('new');
  });

  test('refuses a pipe or a device, and leaves it what it is', async () => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    await expect(replaceFile(path, 'new')).rejects.toMatchObject({
      exitCode: 74,
      message: `cannot write ${path}: it is a pipe or a device`,
    });
    expect((await lstat(path)).isFIFO()).toBe(true);
    expect(await readdir(folder)).toEqual(['pipe']);
  });

  test('a source that fails leaves the old file, and its own error', async () => {
    const path = join(folder, 'report.csv');
    await writeFile(path, 'old');
    const failure = new RangeError('no more rows');
    const replacing = replaceFiles([path, join(folder, 'retry.csv')], async ([report, retry]) => {
      await report.write('x'.repeat(200_000));
      await retry.write('y');
      throw failure;
    });
    await expect(replacing).rejects.toBe(failure);
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['report.csv']);
  });

  test('and another beside it are each their own', async () => {
    const paths = [join(folder, 'report.csv'), join(folder, 'retry.csv')] as const;
    await replaceFiles(paths, async ([report, retry]) => {
      await report.write('a');
      await retry.write('b');
      await report.write('c');
    });
    expect(await Promise.all(paths.map((path) => readFile(path, 'utf8')))).toEqual(['ac', 'b']);
  });

  test('a folder that is not there is a disk error that names the file', async () => {
    const path = join(folder, 'absent', 'report.csv');
    const refusal = await replaceFile(path, 'x').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(DiskError);
    expect(refusal).toMatchObject({exitCode: 74, message: expect.stringContaining(path)});
  });

  test('a folder in the place of the file is a disk error, and nothing is left over', async () => {
    const path = join(folder, 'report.csv');
    await mkdir(path);
    await expect(replaceFile(path, 'x')).rejects.toBeInstanceOf(DiskError);
    expect(await readdir(folder)).toEqual(['report.csv']);
  });

  test.skipIf(process.platform !== 'linux')('a file system that takes no files is a disk error', async () => {
    await expect(replaceFile('/proc/report.csv', 'x')).rejects.toMatchObject({exitCode: 74});
  });

  test.skipIf(process.getuid?.() === 0)('a folder without the right to write is a disk error', async () => {
    await chmod(folder, 0o500);
    await expect(replaceFile(join(folder, 'x'), 'x')).rejects.toBeInstanceOf(DiskError);
    await chmod(folder, 0o700);
  });
});

describe('createPrivateFile', () => {
  test('is for the owner alone, whatever the umask', async () => {
    const umask = process.umask(0);
    try {
      const handle = await createPrivateFile(join(folder, 'new'));
      expect((await handle.stat()).mode & 0o777).toBe(0o600);
      await handle.close();
    } finally {
      process.umask(umask);
    }
  });

  test.each(['file', 'link'])('never opens a %s that is there already', async (kind) => {
    const path = join(folder, 'planted');
    if (kind === 'file') await writeFile(path, 'theirs');
    else await symlink(join(folder, 'elsewhere'), path);
    await expect(createPrivateFile(path)).rejects.toMatchObject({code: 'EEXIST'});
    expect(await readdir(folder)).toEqual(['planted']);
  });
});
