import {createHash} from 'node:crypto';
import {isHash} from './permit.ts';
import type {Params} from './permit.ts';
import type {UploadedFile} from './store.ts';

/** What arrived. `unreadable` is a body that does not parse as what its content type promises. */
export type ParsedBody = {body: unknown} | 'unreadable';

/** Reads a body by its content type, as strictly as Rails: a body of another type gives no parameters. */
export async function parseBody(bytes: Buffer<ArrayBuffer>, contentType: string): Promise<ParsedBody> {
  if (bytes.length === 0) return {body: undefined};
  const content = new Response(bytes, {headers: {'content-type': contentType}});
  try {
    switch (contentType.split(';', 1)[0]?.trim().toLowerCase()) {
      case 'application/json':
        return {body: await content.json()};
      case 'application/x-www-form-urlencoded':
      case 'multipart/form-data':
        return {body: nestParams(await readFields(await content.formData()))};
      default:
        return {body: undefined};
    }
  } catch {
    return 'unreadable';
  }
}

function readFields(form: FormData): Promise<[name: string, value: string | UploadedFile][]> {
  return Promise.all(
    Array.from(form, async ([name, value]) => [
      name,
      typeof value === 'string' ? value : await describeFile(value),
    ]),
  );
}

async function describeFile(file: File): Promise<UploadedFile> {
  const sha256 = createHash('sha256')
    .update(new Uint8Array(await file.arrayBuffer()))
    .digest('hex');
  return {filename: file.name, type: file.type, size: file.size, sha256};
}

/** Bracketed names to a tree: `a[b]` is a hash, `a[]` an array, `a[][b]` rows, a new one when a name comes again. */
export function nestParams(fields: Iterable<readonly [name: string, value: unknown]>): Params {
  const tree: Params = {};
  for (const [name, value] of fields) {
    const first = name.split('[', 1)[0] ?? '';
    const rest = Array.from(name.slice(first.length).matchAll(/\[([^\]]*)\]/g), (match) => match[1] ?? '');
    place(tree, [first, ...rest], value);
  }
  return tree;
}

function place(hash: Params, [key = '', ...rest]: string[], value: unknown): void {
  // This name would reach the prototype, and is no field.
  if (key === '__proto__') return;
  const [next, ...deeper] = rest;
  if (next === undefined) {
    hash[key] = value;
  } else if (next === '') {
    const rows: unknown[] = Array.isArray(hash[key]) ? hash[key] : [];
    hash[key] = rows;
    const [name] = deeper;
    if (name === undefined) {
      rows.push(value);
      return;
    }
    const last = rows.at(-1);
    const row = isHash(last) && !Object.hasOwn(last, name) ? last : {};
    if (row !== last) rows.push(row);
    place(row, deeper, value);
  } else {
    const child = hash[key];
    const inner = isHash(child) ? child : {};
    hash[key] = inner;
    place(inner, rest, value);
  }
}
