import type {Store} from '../../../src/sandbox/store.ts';
import {csv} from '../../e2e/stage.ts';
import type {Scenario} from './scenarios.ts';

export interface JobScenario extends Scenario {
  /** The records that its rows make can be removed again. */
  canUndo: boolean;
  /** A column that an update of its records gives another value, and that value. */
  change?: readonly [column: string, to: string];
}

const person = (at: number) => 1000 + at;

/** A job whose row `at` is these cells. */
function creation(job: string, header: string, row: (at: number) => string, more: Partial<JobScenario> = {}) {
  const rows = (count: number) => csv(header, ...Array.from({length: count}, (_, at) => row(at)));
  return {job, csv: rows, once: true, canUndo: true, ...more} satisfies JobScenario;
}

const begin = '2031-02-03T08:00:00Z';
const at = '2030-01-02T03:04:05.000Z';

/** A close for each row. */
function seedCloses(store: Store, rows: number): void {
  for (let n = 0; n < rows; n++) {
    store.closes.set(5000 + n, {
      id: 5000 + n,
      user_id: person(n),
      closer_id: 2,
      kind: 'other',
      reason: 'Noise',
      state: 'close',
      end_at: null,
      created_at: at,
      updated_at: at,
    });
  }
}

/** A membership in the coalition for each row. */
function seedMembers({tables}: Store, rows: number): void {
  for (let n = 0; n < rows; n++) {
    const member = {coalition_id: 45, user_id: person(n), created_at: at, updated_at: at};
    tables.coalitions_users.set(300 + n, {id: 300 + n, ...member});
  }
}

/** Every job that creates records, each row about a person of its own. */
export const jobScenarios: readonly JobScenario[] = [
  creation('patronages', 'user_id,godfather_id', (n) => `${person(n)},${person(n + 400)}`, {
    change: ['ongoing', 'false'],
  }),
  creation('cursus-users', 'user_id,cursus_id,begin_at', (n) => `${person(n)},9,${begin}`, {
    change: ['end_at', '2031-09-03T08:00:00Z'],
  }),
  creation('closes', 'user_id,closer_id,kind,reason', (n) => `${person(n)},2,agu,Went abroad`),
  creation(
    'users-create',
    'email,first_name,last_name,campus_id,pool_year',
    (n) => `candidate.${n}@example.net,Kim,Doe,7,2031`,
    {canUndo: false},
  ),
  creation(
    'correction-points',
    'user_id,amount,reason',
    (n) => `${person(n)},${n % 3 === 0 ? -2 : 3},"Rush 00, evaluated"`,
    {canUndo: false},
  ),
  creation('transactions', 'user_id,value,transactable_type,reason', (n) => `${person(n)},25,Contest,Won it`),
  creation('projects-users', 'project_id,user_id,status', (n) => `1314,${person(n)},in_progress`, {
    change: ['final_mark', '84'],
  }),
  creation('exams-users', 'exam_id,user_id', (n) => `${4000 + (n % 2)},${person(n)}`),
  creation('groups-users', 'group_id,user_id', (n) => `${12 + (n % 2)},${person(n)}`),
  creation('titles-users', 'title_id,user_id', (n) => `${7 + (n % 2)},${person(n)}`),
  creation('achievements-users', 'achievement_id,user_id', (n) => `${5 + (n % 2)},${person(n)}`, {
    change: ['nbr_of_success', '3'],
  }),
  creation('events-users', 'event_id,user_id', (n) => `${80 + (n % 2)},${person(n)}`),
  creation('coalitions-users', 'coalition_id,user_id', (n) => `${45 + (n % 2)},${person(n)}`, {
    change: ['this_year_score', '42'],
  }),
  creation('campus-users', 'campus_id,user_id', (n) => `${62 + (n % 2)},${person(n)}`, {canUndo: false}),
  creation(
    'coalition-scores',
    'coalition_id,user_id,value,reason',
    (n) => `45,${person(n)},${n - 9 || 42},Quiz of week 46`,
    {seed: seedMembers},
  ),
  creation(
    'anti-grav-units-users',
    'user_id,begin_date,expected_end_date,reason',
    (n) => `${person(n)},${n % 2 ? '2031-02-03' : ''},2031-03-04,Internship`,
    {canUndo: false, change: ['is_free', 'true']},
  ),
  creation('free-past-agu', 'user_id,duration,reason', (n) => `${person(n)},14,Power cut`, {
    canUndo: false,
    blind: true,
  }),
  creation('community-services', 'close_id,duration,occupation', (n) => `${5000 + n},7200,Sweep`, {
    seed: seedCloses,
    change: ['tiger_id', '2'],
  }),
  creation('teams-uploads', 'team_id,upload_id,final_mark', (n) => `${66 + n},1,${n}`, {
    change: ['comment', 'Again'],
  }),
];

/** The rows of a scenario with another value in the column that an update changes. */
export function changedRows(
  {csv: rows, change: [column, to] = ['', '']}: JobScenario,
  count: number,
): string {
  const [header = '', ...cells] = rows(count).trimEnd().split('\n');
  return csv(`${header},${column}`, ...cells.map((row) => `${row},${to}`));
}
