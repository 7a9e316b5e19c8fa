import type {IncomingMessage} from 'node:http';
import {correctFile, readRows} from '../app/correct-file.ts';
import {inspectFile} from '../app/inspect-file.ts';
import type {
  NewRunSpec,
  ResumeSpec,
  RetrySpec,
  RunSettings,
  SendingSettings,
  UndoSpec,
} from '../app/run-spec.ts';
import {validateFile} from '../app/validate-file.ts';
import {readConfig, stateFolder} from '../config.ts';
import {UsageError} from '../errors.ts';
import {describeJob} from '../job/describe-job.ts';
import {listJobs, loadJob} from '../job/load-jobs.ts';
import {listRuns} from '../runs/list-runs.ts';
import {shellQuote} from '../shell-quote.ts';
import type {Activity} from './activity.ts';
import {commandOf, type Draft, isObject, newRunOf, readDraft} from './draft.ts';
import type {GivenFiles} from './given-files.ts';
import {readBody} from './respond.ts';

export interface RouteContext {
  settings: RunSettings & SendingSettings;
  stdin: NodeJS.ReadableStream;
  files: GivenFiles;
  activity: Activity;
}

/** What a page may ask for, by method and path; each gives a JSON document. */
export type Route = (context: RouteContext, request: IncomingMessage, url: URL) => Promise<unknown>;

const maxFileBytes = 200 * 2 ** 20;
const maxBodyBytes = 20 * 2 ** 20;
const againKinds = ['resume', 'retry', 'undo'] as const;
/** Of more problems the page shows no row. */
const shownProblems = 5000;

export const routes: Readonly<Record<string, Route>> = {
  'GET /api/start': async ({settings, files}) => {
    const {baseUrl, uid, secret} = readConfig(settings);
    return {
      isRehearsal: settings.sandbox === true,
      out: settings.out,
      baseUrl,
      hasCredentials: uid !== undefined && secret !== undefined,
      recent: (await files.recent()).map(({id, name, at}) => ({id, name, at})),
      jobs: await Promise.all((await listJobs()).map(describe)),
    };
  },

  'POST /api/files': async ({files}, request, url) => {
    const {id, name} = await files.keep(
      url.searchParams.get('name') ?? '',
      await readBody(request, maxFileBytes),
    );
    return {id, name};
  },

  'POST /api/columns': async (context, request) => {
    const {draft, path, name} = await draftOf(context, request);
    const view = await inspectFile(newRunOf(draft, path, context.stdin));
    return {...view, command: commandOf('validate', draft, name)};
  },

  'POST /api/check': async (context, request) => {
    const {draft, path, name} = await draftOf(context, request);
    const {checked, problems, problemCount, warnings} = await validateFile(
      newRunOf(draft, path, context.stdin),
    );
    const {rows, invalid} = checked;
    const command = commandOf('validate', draft, name);
    return {rows, invalid, problems: problems.slice(0, shownProblems), problemCount, warnings, command};
  },

  'POST /api/rows': async (context, request) => {
    const {draft, path} = await draftOf(context, request);
    const {header, rows} = await readRows(newRunOf(draft, path, context.stdin));
    return {header, rows: rows.map(({line, cells}) => [line, ...cells])};
  },

  'POST /api/correct': async (context, request) => {
    const {draft, path, name, body} = await draftOf(context, request);
    const edits = Array.isArray(body['edits']) ? body['edits'].filter(isEdit) : [];
    const copy = await context.files.place(correctedName(name));
    await correctFile(newRunOf(draft, path, context.stdin), edits, copy.path);
    return {id: copy.id, name: copy.name};
  },

  'POST /api/run': async (context, request) => {
    const {draft, path, name} = await draftOf(context, request);
    start(context, newRunOf(draft, path, context.stdin), draft.sandbox, commandOf('run', draft, name));
    return {};
  },

  'POST /api/again': async (context, request) => {
    const {kind: asked, run, sandbox} = await bodyOf(request);
    const kind = againKinds.find((each) => each === asked);
    if (typeof run !== 'string' || kind === undefined)
      throw new UsageError('no run is named', {hint: 'load the page again'});
    const command = `bulk42 ${kind} ${shellQuote(run)}${sandbox === true ? ' --sandbox' : ''}`;
    const what = kind === 'retry' ? {kind, run, onInvalid: 'skip' as const} : {kind, run};
    start(context, what, sandbox === true, command);
    return {};
  },

  'POST /api/answer': async ({activity}, request) => {
    const {isYes, typed, id} = await bodyOf(request);
    const answer = {isYes: isYes === true, typed: typeof typed === 'string' ? typed : '', id};
    return {isTaken: activity.answer(answer)};
  },

  'POST /api/stop': ({activity}) => {
    activity.stop();
    return Promise.resolve({});
  },

  'GET /api/plan': ({activity}) => Promise.resolve(activity.plan),

  'GET /api/runs': async ({settings}) =>
    listRuns(settings.out, stateFolder(), () => {
      // A damaged one is named by `bulk42 runs`.
    }),
};

async function describe(name: string) {
  const job = await loadJob(name);
  const {summary, needs, effects = [], caveats = [], keys} = job.definition;
  return {
    job: name,
    summary,
    roles: needs.roles,
    effects,
    caveats,
    keys,
    canUpdate: job.definition.update !== undefined,
    columns: describeJob(job),
  };
}

function start(
  {activity, settings}: RouteContext,
  what: NewRunSpec | ResumeSpec | RetrySpec | UndoSpec,
  isRehearsal: boolean,
  command: string,
): void {
  if (settings.sandbox && !isRehearsal)
    throw new UsageError('this page only rehearses', {
      code: 'rehearsal',
      hint: 'start it without --sandbox: bulk42 ui',
    });
  const given = {...settings, sandbox: isRehearsal};
  activity.start({...what, settings: given, sending: given}, command, isRehearsal);
}

interface DraftFacts {
  draft: Draft;
  path: string;
  name: string;
  body: Record<string, unknown>;
}

/** The draft and the file that a request names. */
async function draftOf({files}: RouteContext, request: IncomingMessage): Promise<DraftFacts> {
  const body = await bodyOf(request);
  const draft = readDraft(body['draft']);
  // A job file is code, which no page names.
  if (!(await listJobs()).includes(draft.job))
    throw new UsageError(`there is no job ${draft.job}`, {
      code: 'unknown_job',
      hint: 'choose one of the list',
    });
  const {path, name} = await files.find(body['file']);
  return {draft, path, name, body};
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const text = (await readBody(request, maxBodyBytes)).toString();
  try {
    const body: unknown = JSON.parse(text);
    if (isObject(body)) return body;
  } catch {
    // As below.
  }
  throw new UsageError('the request is no JSON object', {hint: 'load the page again'});
}

function isEdit(value: unknown): value is {line: number; at: number; value: string} {
  return (
    isObject(value) &&
    Number.isSafeInteger(value['line']) &&
    Number.isSafeInteger(value['at']) &&
    Number(value['at']) >= 0 &&
    Number(value['at']) < 1000 &&
    typeof value['value'] === 'string'
  );
}

/** `piscine.csv` and `piscine.xlsx` become `piscine-corrected.csv`. */
function correctedName(name: string): string {
  return `${name.replace(/\.[^.]*$/, '').replace(/-corrected$/, '')}-corrected.csv`;
}
