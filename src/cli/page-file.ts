import {open} from 'node:fs/promises';
import {UsageError} from '../errors.ts';
import {replaceFile} from '../files/write-file.ts';
import {pageMark} from '../page/render-page.ts';
import type {Terminal} from './terminal.ts';

interface PageArguments {
  html?: string | undefined;
  json: boolean;
  quiet: boolean;
}

/** An earlier page is replaced. The file of the rows, given by mistake, is not. */
export async function refuseOtherFile({html}: PageArguments): Promise<void> {
  if (html === undefined) return;
  const start = await readStart(html);
  if (start === '' || start.includes(pageMark)) return;
  throw new UsageError(`--html would overwrite ${html}, which is no page of bulk42`, {
    hint: 'name another file, such as plan.html, or remove this one',
  });
}

export async function writePage(
  page: string,
  {html, json, quiet}: PageArguments,
  terminal: Terminal,
): Promise<void> {
  if (html === undefined) return;
  await replaceFile(html, page);
  if (!json && !quiet) terminal.error(`page: ${html}`);
}

/** '' where there is no file; what cannot be read shows when it is written. */
async function readStart(path: string): Promise<string> {
  try {
    await using file = await open(path);
    const {buffer, bytesRead} = await file.read(Buffer.alloc(2048), 0, 2048, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } catch {
    return '';
  }
}
