import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {inject} from 'vitest';

type Validate = ((document: unknown) => boolean) & {
  errors?: {instancePath: string; message?: string}[] | null;
};

let validators: Promise<Readonly<Record<string, Validate>>> | undefined;
/** Of each summary that was checked: its path and when it was written. */
const checked = new Set<string>();

/** Holds a document against its schema. */
async function checkDocument(name: string, document: unknown): Promise<void> {
  validators ??= import(inject('validators')) as Promise<Record<string, Validate>>;
  const validate = (await validators)[name];
  if (!validate) throw new Error(`there is no schemas/${name}.schema.json`);
  if (validate(document)) return;
  const wrong = (validate.errors ?? []).map(({instancePath, message}) => `${instancePath || '/'} ${message}`);
  throw new Error(`not as in schemas/${name}.schema.json: ${wrong.join('; ')}\n${JSON.stringify(document)}`);
}

/** Holds what a command line printed with --json or saved, and the summaries in its runs folder, against their schemas. */
export async function checkDocuments(
  args: readonly string[],
  {stdout, stderr}: {stdout: string; stderr: string},
  cwd: string,
): Promise<void> {
  for (const line of args.includes('--progress') ? stderr.split('\n') : []) {
    if (line.startsWith('{')) await checkDocument('progress', JSON.parse(line));
  }
  const isDocument = args.includes('--json') && !args.some((each) => /^(?:--help|-h|--version)$/.test(each));
  if (isDocument && stdout !== '') {
    const document = JSON.parse(stdout) as object;
    await checkDocument('error' in document ? 'error' : schemaOf(args), document);
  }
  const saved = args[args.lastIndexOf('--save') + 1 || args.length];
  if (saved !== undefined && existsSync(join(cwd, saved)))
    await checkDocument('plan', JSON.parse(readFileSync(join(cwd, saved), 'utf8')));
  const out = join(cwd, args[args.lastIndexOf('--out') + 1 || args.length] ?? 'runs');
  for (const run of existsSync(out) ? readdirSync(out) : []) {
    const file = join(out, run, 'summary.json');
    if (!existsSync(file)) continue;
    const version = `${file} ${statSync(file).mtimeMs}`;
    if (checked.has(version)) continue;
    checked.add(version);
    await checkDocument('summary', JSON.parse(readFileSync(file, 'utf8')));
  }
}

function schemaOf(args: readonly string[]): string {
  const command = args.find((each) => !each.startsWith('-')) ?? '';
  if (args.includes('--dry-run')) return 'plan';
  if (command === 'validate') return 'validation';
  return ['plan', 'runs', 'jobs', 'template', 'doctor', 'sandbox', 'config'].includes(command)
    ? command
    : 'summary';
}
