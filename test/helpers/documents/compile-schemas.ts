import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Ajv2020} from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import type {TestProject} from 'vitest/node';
import {root} from '../source-files.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The file of the compiled schemas. */
    validators: string;
  }
}

const folder = join(root, 'schemas');
const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z$/;

/**
 * Compiles schemas/ once for all tests: to load the compiler and to compile takes longer than many a test file. They are
 * stricter here than as they are published: what a schema does not name is an error, so that none is forgotten.
 */
export default function setup(project: TestProject): () => void {
  const ajv = new Ajv2020({
    allErrors: true,
    allowUnionTypes: true,
    formats: {'date-time': iso},
    code: {source: true, esm: true},
  });
  const ids: Record<string, string> = {};
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.schema.json'))) {
    const schema = JSON.parse(readFileSync(join(folder, name), 'utf8')) as {$id: string};
    ajv.addSchema(closed(schema) as object);
    ids[name.replace('.schema.json', '').replaceAll('-', '_')] = schema.$id;
  }
  const target = mkdtempSync(join(tmpdir(), 'bulk42-schemas-'));
  const file = join(target, 'validators.mjs');
  writeFileSync(file, (standaloneCode as unknown as typeof standaloneCode.default)(ajv, ids));
  project.provide('validators', file);
  return () => rmSync(target, {recursive: true, force: true});
}

/** The schema with no room for properties that it does not name. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  const isOpen = inner['type'] === 'object' && 'properties' in inner && !('additionalProperties' in inner);
  return isOpen ? {...inner, additionalProperties: false} : inner;
}
