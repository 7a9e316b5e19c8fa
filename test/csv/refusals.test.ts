import {execFileSync} from 'node:child_process';
import {chmod, mkdtemp, rm, symlink, writeFile} from 'node:fs/promises';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import type {CsvOptions} from '../../src/csv/csv-input.ts';
import {fixture, readTable} from './read-table.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bulk42-csv-'));
});
afterAll(() => rm(folder, {recursive: true}));

async function read(content: string | Buffer, options?: CsvOptions): Promise<unknown> {
  const path = join(folder, 'refused.csv');
  await writeFile(path, content);
  return readTable(path, options);
}

describe('what is no file', () => {
  test('missing', async () => {
    const path = join(folder, 'absent.csv');
    await expect(readTable(path)).rejects.toMatchObject({
      exitCode: 66,
      message: `cannot read ${path}: there is no such file`,
    });
  });

  test('a folder', () =>
    expect(readTable(folder)).rejects.toMatchObject({
      exitCode: 66,
      message: expect.stringMatching(/a folder/),
    }));

  test('a named pipe does not make it wait', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    await expect(readTable(pipe)).rejects.toMatchObject({exitCode: 66});
  });

  test('a socket', async () => {
    const path = join(folder, 'socket');
    const server = createServer().listen(path);
    await expect(readTable(path)).rejects.toMatchObject({exitCode: 66});
    await new Promise((resolve) => server.close(resolve));
  });

  test('a device that never ends', () =>
    expect(readTable('/dev/zero')).rejects.toMatchObject({exitCode: 66}));

  test.skipIf(process.getuid?.() === 0)('a file without the right to read it', async () => {
    const path = join(folder, 'secret.csv');
    await writeFile(path, 'login\nbob\n');
    await chmod(path, 0o200);
    await expect(readTable(path)).rejects.toMatchObject({
      exitCode: 66,
      message: expect.stringMatching(/permission denied/),
    });
  });

  test('a link to a file is that file', async () => {
    const link = join(folder, 'link.csv');
    await symlink(fixture('utf8'), link);
    await expect(readTable(link)).resolves.toMatchObject({lines: [2, 3]});
  });
});

describe('what is no CSV', () => {
  test.each([
    ['an Excel workbook', Buffer.from('PK\x03\x04....[Content_Types].xml')],
    [
      'a LibreOffice spreadsheet',
      Buffer.from('PK\x03\x04..mimetypeapplication/vnd.oasis.opendocument.spreadsheet'),
    ],
    ['a zip archive', Buffer.from('PK\x03\x04....photo.jpg')],
    ['an old Excel workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex')],
    ['gzip', gzipSync('login\nbob\n')],
    ['a PDF', Buffer.from('%PDF-1.7')],
    ['a PNG', Buffer.from('89504e470d0a1a0a', 'hex')],
    ['a JPEG', Buffer.from('ffd8ffe0', 'hex')],
    ['a table of a web page', Buffer.from('\ufeff<table border="1"><tr><td>login</td></tr></table>')],
    ['an XML document', Buffer.from('<?xml version="1.0"?>\n<Workbook/>')],
    ['a JSON document', Buffer.from('[{"login": "bob"}]')],
    ['a JSON document', Buffer.from('{"login": "bob"}\n{"login": "ann"}\n')],
    ['a web page', Buffer.from('\n<!DOCTYPE html><title>Sign in</title>')],
  ])('%s is named', async (name, content) => {
    await expect(read(content)).rejects.toMatchObject({
      exitCode: 65,
      code: 'not_csv',
      message: expect.stringContaining(` is ${name === 'gzip' ? 'compressed with gzip' : name}`),
      hint: expect.any(String),
    });
  });

  test.each(['', '\ufeff', '\n\r\n', ' , ,\n\t\n', 'sep=;\n'])('%j is empty', async (content) => {
    await expect(read(content)).rejects.toMatchObject({exitCode: 65, code: 'empty_file'});
  });

  test('a table of header alone is no error', async () => {
    await expect(read('login,points')).resolves.toMatchObject({header: ['login', 'points'], cells: []});
  });
});

describe('damage names its place', () => {
  test.each([
    ['broken-utf8', 'mixed_encodings', /^line 4: .*utf-8.* line 2 /],
    ['nul-byte', 'nul_byte', /^line 3: /],
    ['unterminated-quote', 'unterminated_quote', /^line 4, column 2: /],
    ['text-after-quote', 'text_after_quote', /^line 3, column 2: /],
    ['quote-inside-cell', 'quote_inside_cell', /^line 3, column 2: /],
    ['cut-utf16', 'invalid_text', /^line 4: .*utf-16le/],
  ])('%s.csv: %s', async (name, code, message) => {
    const refusal = {exitCode: 65, code, message: expect.stringMatching(message), hint: expect.any(String)};
    await expect(readTable(fixture(name))).rejects.toMatchObject(refusal);
  });

  test('the line is that of the cell, not of its row', async () => {
    const content = 'sep=,\r\n\r\na,b\r\n"two\r\nlines",1\r\n"x\ry\nz","open\r\n5,6\r\n';
    await expect(read(content)).rejects.toMatchObject({
      message: expect.stringMatching(/^line 8, column 2: /),
    });
  });

  test('half a character of UTF-16', async () => {
    const content = Buffer.from('\ufefflogin\nbob\n\ud83d?\n', 'utf16le');
    await expect(read(content)).rejects.toMatchObject({
      code: 'invalid_text',
      message: expect.stringMatching(/^line 3: /),
    });
  });

  test('a byte that windows-1252 does not have', async () => {
    const content = Buffer.from('login\nbob\n\x81\n', 'latin1');
    await expect(read(content)).rejects.toMatchObject({
      code: 'invalid_text',
      message: expect.stringMatching(/^line 3: /),
    });
  });

  test.each([
    ['of a Mac', 'login,name\nbob,Bob\nann,Zo\x8e\n', 3],
    ['of DOS', 'login;name\r\nann;Zo\x82\r\n', 2],
    ['of a Mac, far down', `login,name\n${'bob,B\xe9b\n'.repeat(9000)}ann,C\x99t\n`, 9002],
  ])('letters %s are not read as windows-1252', async (_, content, line) => {
    await expect(read(Buffer.from(content, 'latin1'))).rejects.toMatchObject({
      code: 'unknown_encoding',
      message: expect.stringMatching(`^line ${line}: `),
    });
  });

  test('bytes that are not UTF-8 although the user says so', async () => {
    const options = {encoding: 'UTF8'};
    await expect(readTable(fixture('windows-1252'), options)).rejects.toMatchObject({
      code: 'invalid_text',
      message: expect.stringMatching(/^line 2: /),
      hint: expect.stringContaining('--encoding windows-1252'),
    });
  });
});

describe('limits', () => {
  const wide = (columns: number): string => Array.from({length: columns}, (_, i) => `c${i}`).join(',');

  test('500 columns, and a cell of 65,536 characters, and a name of 256 bytes', async () => {
    const header = `${wide(499)},${'é'.repeat(128)}`;
    const content = `${header}\n${'x'.repeat(65_536)}${','.repeat(499)}\n`;
    await expect(read(content)).resolves.toMatchObject({lines: [2]});
  });

  test.each([
    ['a 501st column', `${wide(501)}\n`, 'too_many_columns', /^line 1, column 501: /],
    ['a 501st cell', `a,b\n1,2\n${wide(501)}\n`, 'too_many_columns', /^line 3, column 501: /],
    ['a million columns', `${wide(1_000_000)}\n`, 'too_many_columns', /^line 1, column 501: /],
    [
      'nothing but delimiters',
      `a,b\n1,2\n${','.repeat(9_000_000)}`,
      'too_many_columns',
      /^line 3, column 501: /,
    ],
    ['a name of 257 bytes', `a,${'é'.repeat(128)}x\n`, 'name_too_long', /^line 1, column 2: /],
    ['a cell of 65,537', `a,b\n1,${'x'.repeat(65_537)}\n`, 'cell_too_long', /^line 2, column 2: /],
    ['a cell of 9 MB', `a,b\n1,2\n3,${'x'.repeat(9_000_000)}\n`, 'cell_too_long', /^line 3, column 2: /],
    [
      'a quote without end',
      `a,b\n1,"${'x\n'.repeat(4_000_000)}`,
      'unterminated_quote',
      /^line 2, column 2: /,
    ],
    ['quotes without end', `a,b\n\n${'"'.repeat(8_000_000)}`, 'unterminated_quote', /^line 3, column 1: /],
  ])('%s is refused', async (_, content, code, message) => {
    await expect(read(content)).rejects.toMatchObject({
      exitCode: 65,
      code,
      message: expect.stringMatching(message),
    });
  });

  test('millions of empty lines are no row that is too long', async () => {
    const content = `login\n${'\n'.repeat(5_000_000)}bob\n`;
    await expect(read(content)).resolves.toMatchObject({lines: [5_000_002]});
  });
});

describe('options', () => {
  test.each([{encoding: 'klingon'}, {delimiter: ':'}, {delimiter: ''}])(
    '%o is wrong usage',
    async (options) => {
      await expect(readTable(fixture('utf8'), options)).rejects.toMatchObject({exitCode: 2});
    },
  );
});
