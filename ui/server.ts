import type {RowProblem} from '../src/input/check-input.ts';
import type {ColumnDescription} from '../src/job/describe-job.ts';
import type {Draft} from '../src/ui/draft.ts';
import type {ActivityState} from '../src/ui/activity-state.ts';
import type {FileView} from '../src/app/inspect-file.ts';
import type {PlanDocument} from '../src/plan/plan-document.ts';
import type {ListedRun} from '../src/runs/list-runs.ts';

export type {ActivityState, Draft, FileView, ListedRun, PlanDocument, RowProblem};

export interface JobFacts {
  job: string;
  summary: string;
  roles: string[];
  effects: string[];
  caveats: string[];
  canUpdate: boolean;
  columns: ColumnDescription[];
}

export interface StartFacts {
  isRehearsal: boolean;
  out: string;
  baseUrl: string;
  hasCredentials: boolean;
  recent: FileFacts[];
  jobs: JobFacts[];
}

export interface FileFacts {
  id: string;
  name: string;
  at?: number;
}

export interface CheckFacts {
  rows: number;
  invalid: number;
  problems: RowProblem[];
  problemCount: number;
  warnings: string[];
  command: string;
}

/** What went wrong, and what to do. */
export class ServerError extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** Asks the server; a body that is no file is sent as JSON. @throws ServerError */
export async function ask<Answer>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer> {
  const isRaw = body instanceof Blob || typeof body === 'string';
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: {'X-Bulk42': '1'},
      ...(body !== undefined && {body: isRaw ? body : JSON.stringify(body)}),
    });
  } catch {
    throw new ServerError('bulk42 ui does not answer', 'start it again in the terminal: bulk42 ui');
  }
  const answer: unknown = await response.json();
  if (response.ok) return answer as Answer;
  const {message, hint} = (answer as {error: {message: string; hint: string}}).error;
  throw new ServerError(message, hint);
}
