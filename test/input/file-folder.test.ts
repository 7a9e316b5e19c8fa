import {execFileSync} from 'node:child_process';
import {mkdir, mkdtemp, realpath, rm, symlink, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {InputError} from '../../src/errors.ts';
import {FileFolder} from '../../src/input/file-folder.ts';

const limits = {minBytes: 12, maxBytes: 20, types: ['image/png', 'image/jpeg']};
const png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const jpeg = [0xff, 0xd8, 0xff, 0xe0];
const gif = [...Buffer.from('GIF89a')];
const image = (head: readonly number[], size = 16) =>
  Uint8Array.from({length: size}, (_, at) => head[at] ?? at);

let outer: string;
let folder: string;
let files: FileFolder;

beforeEach(async () => {
  outer = await realpath(await mkdtemp(join(tmpdir(), 'file-folder-')));
  folder = join(outer, 'rows');
  await mkdir(join(folder, 'photos'), {recursive: true});
  files = new FileFolder(join(folder, 'rows.csv'));
});
afterEach(() => rm(outer, {recursive: true}));

const codeOf = async (path: string) => (await files.check({file: path}, limits))?.code;

describe('a file', () => {
  it.each([
    ['one byte too small', image(png, 11), 'file_size'],
    ['as small as allowed', image(png, 12), undefined],
    ['as large as allowed', image(png, 20), undefined],
    ['one byte too large', image(png, 21), 'file_size'],
    ['a JPEG', image(jpeg), undefined],
    ['of a type that is not accepted here', image(gif), 'file_type'],
    ['text that is called an image', Buffer.from('just some text!!'), 'file_type'],
    ['an image but for its seventh byte', image([...png.slice(0, 6), 0, 0x0a]), 'file_type'],
  ])('%s', async (_, bytes, code) => {
    await writeFile(join(folder, 'photos', 'a.png'), bytes);
    expect(await codeOf('photos/a.png')).toBe(code);
  });

  it('says its size and the sizes that are allowed', async () => {
    await writeFile(join(folder, 'a.png'), image(png, 21));
    expect(await files.check({file: 'a.png'}, limits)).toEqual({
      code: 'file_size',
      message: 'has 21 bytes',
      hint: 'it must have 12 to 20 bytes',
    });
  });

  it('may be of any accepted type', async () => {
    await writeFile(join(folder, 'a.gif'), image(gif));
    expect(await files.check({file: 'a.gif'}, {...limits, types: ['image/gif']})).toBeUndefined();
  });
});

describe('a path', () => {
  beforeEach(async () => {
    await writeFile(join(outer, 'secret.png'), image(png));
    await writeFile(join(folder, 'a.png'), image(png));
  });

  it.each([
    ['a.png', undefined],
    ['./photos/../a.png', undefined],
    ['../rows/a.png', undefined],
    ['../secret.png', 'file_outside'],
    ['photos/../../secret.png', 'file_outside'],
    ['missing.png', 'file_missing'],
    ['a.png/b.png', 'file_missing'],
    ['photos', 'file_kind'],
    ['.', 'file_outside'],
    ['http://example.org/a.png', 'file_path'],
    ['file:a.png', 'file_path'],
    ['C:\\a.png', 'file_path'],
    ['photos\\a.png', 'file_path'],
    ['a.png\0.txt', 'file_path'],
  ])('%j', async (path, code) => {
    expect(await codeOf(path)).toBe(code);
  });

  it('that is absolute has to lead into the folder, too', async () => {
    expect(await codeOf(join(folder, 'a.png'))).toBeUndefined();
    expect(await codeOf(join(outer, 'secret.png'))).toBe('file_outside');
  });

  it('may not lead into a folder whose name only begins like this one', async () => {
    await mkdir(`${folder}-of-others`);
    await writeFile(join(`${folder}-of-others`, 'a.png'), image(png));
    expect(await codeOf('../rows-of-others/a.png')).toBe('file_outside');
  });

  it('may be a link inside the folder, and none that leads out of it', async () => {
    await symlink(join(folder, 'a.png'), join(folder, 'photos', 'inside.png'));
    await symlink(join(outer, 'secret.png'), join(folder, 'photos', 'outside.png'));
    await symlink(outer, join(folder, 'up'));
    expect(await codeOf('photos/inside.png')).toBeUndefined();
    expect(await codeOf('photos/outside.png')).toBe('file_outside');
    expect(await codeOf('up/secret.png')).toBe('file_outside');
  });

  it('may not name a pipe, which is not waited for', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe.png')]);
    expect(await codeOf('pipe.png')).toBe('file_kind');
  });

  it('may lead anywhere when the CSV file lies in the root folder', async () => {
    files = new FileFolder('/rows.csv');
    expect(await codeOf(join(folder, 'a.png').slice(1))).toBeUndefined();
  });
});

describe('what is sent', () => {
  const path = 'a.png';
  beforeEach(async () => {
    await writeFile(join(folder, path), image(png));
    await files.check({file: path}, limits);
  });

  it('are the bytes, with the type that they show', async () => {
    await writeFile(join(folder, path), image(jpeg, 13));
    expect(await files.read({file: path})).toEqual({
      bytes: image(jpeg, 13),
      type: 'image/jpeg',
      extension: 'jpg',
    });
  });

  it('is nothing that would not pass the check any more, or never did', async () => {
    await writeFile(join(folder, path), image(png, 30));
    const reading = files.read({file: path});
    await expect(reading).rejects.toBeInstanceOf(InputError);
    await expect(reading).rejects.toMatchObject({code: 'file_changed', exitCode: 65});
    await rm(join(folder, path));
    await expect(files.read({file: path})).rejects.toMatchObject({code: 'file_changed'});
    await writeFile(join(folder, 'b.png'), image(png));
    await expect(files.read({file: 'b.png'})).rejects.toMatchObject({code: 'file_changed'});
  });
});
