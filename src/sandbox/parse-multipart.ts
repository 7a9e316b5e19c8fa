import {createHash} from 'node:crypto';
import type {UploadedFile} from './store.ts';

const BREAK = '\r\n';
const BLANK_LINE = Buffer.from('\r\n\r\n');

/** The parts of a multipart/form-data body in order (RFC 7578); undefined if it is broken or ends early. */
export function parseMultipart(
  bytes: Buffer,
  contentType: string,
): [name: string, value: string | UploadedFile][] | undefined {
  const match = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined) return undefined;
  const delimiter = Buffer.from(`${BREAK}--${boundary}`);
  // The first delimiter has no line break of its own before it when there is no preamble.
  const whole = Buffer.concat([Buffer.from(BREAK), bytes]);
  const fields: [string, string | UploadedFile][] = [];
  let start = whole.indexOf(delimiter);
  while (start !== -1) {
    const after = start + delimiter.length;
    if (whole.toString('latin1', after, after + 2) === '--') return fields;
    const end = whole.indexOf(delimiter, after);
    const field = end === -1 ? undefined : parsePart(whole.subarray(after + BREAK.length, end));
    if (field === undefined) return undefined;
    fields.push(field);
    start = end;
  }
  return undefined;
}

function parsePart(part: Buffer): [string, string | UploadedFile] | undefined {
  const headEnd = part.indexOf(BLANK_LINE);
  if (headEnd === -1) return undefined;
  const head = part.toString('utf8', 0, headEnd);
  const content = part.subarray(headEnd + BLANK_LINE.length);
  const name = parameter(head, 'name');
  if (name === undefined) return undefined;
  const filename = parameter(head, 'filename');
  if (filename === undefined) return [name, content.toString('utf8')];
  return [
    name,
    {
      filename,
      type: /^content-type:[ \t]*(\S+)/im.exec(head)?.[1] ?? 'application/octet-stream',
      size: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
    },
  ];
}

/** A quoted parameter of Content-Disposition; forms escape quotes and line breaks in it as percent codes. */
function parameter(head: string, name: string): string | undefined {
  const value = new RegExp(`^content-disposition:.*[; \\t]${name}="([^"]*)"`, 'im').exec(head)?.[1];
  return value?.replaceAll('%22', '"').replaceAll('%0D', '\r').replaceAll('%0A', '\n');
}
