import {join} from 'node:path';
import {writeFileSync} from 'node:fs';
import type {Store} from '../../../src/sandbox/store.ts';
import {csv} from '../../e2e/stage.ts';

/** A kind of work for the harness, one for each way in which a row in doubt can be settled. */
export interface Scenario {
  job: string;
  /** The command that begins it; `run` by default. */
  command?: 'remove';
  /** `rows` rows, each about people of its own. */
  csv: (rows: number) => string;
  /** Applying a row twice is a fault. */
  once: boolean;
  /** No reading can tell whether a row was applied. */
  blind?: boolean;
  /** Puts what the job needs into the working folder. */
  prepare?: (folder: string) => void;
  /** Puts what the rows speak of into the API. */
  seed?: (store: Store, rows: number) => void;
  /** A file whose rows are created before the run begins. */
  existing?: (rows: number) => string;
}

const person = (at: number) => 1000 + at;
const login = (at: number) => `kid-${at}`;
const rowsOf = (rows: number, row: (at: number) => string) => Array.from({length: rows}, (_, at) => row(at));

const patronages: Scenario = {
  job: 'patronages',
  csv: (rows) => csv('user_id,godfather_id', ...rowsOf(rows, (at) => `${person(at)},${person(at + 500)}`)),
  once: true,
};

const blindJob = `import {defineJob, user} from 'bulk42';
export default defineJob({
  summary: 'Pair people where nothing can be read',
  needs: {roles: ['Advanced tutor']},
  columns: {user_id: user('The student').required(), godfather_id: user('The godfather').required()},
  keys: [['user_id', 'godfather_id']],
  request: (row) => ({method: 'POST', path: ['patronages'], body: {patronage: row}}),
  readBack: [],
});
`;

const begin = '2031-02-03T08:00:00Z';

export const scenarios = {
  /** The server itself refuses a second one. */
  unique: {
    job: 'cursus-users',
    csv: (rows) => csv('user_id,cursus_id,begin_at', ...rowsOf(rows, (at) => `${person(at)},9,${begin}`)),
    once: true,
  },
  /** The server takes as many as it gets; a list shows them. */
  listable: patronages,
  /** The same by login. */
  named: {
    ...patronages,
    csv: (rows) => csv('user_id,godfather_id', ...rowsOf(rows, (at) => `${login(at)},${login(at + 500)}`)),
    seed: ({users}, rows) => {
      for (let at = 0; at < rows + 500; at++) {
        const user = users.get(person(at));
        if (user) users.set(user.id, {...user, login: login(at)});
      }
    },
  },
  /** An update with absolute values. */
  update: {
    job: 'users',
    csv: (rows) => csv('id,pool_year,pool_month', ...rowsOf(rows, (at) => `${person(at)},2031,march`)),
    once: false,
  },
  /** An update that adds a nested record, and changes another that everybody has. */
  adding: {
    job: 'users',
    csv: (rows) =>
      csv(
        'id,pool_year,cursus_users.0.cursus_id,cursus_users.0.begin_at,user_candidature.birth_city',
        ...rowsOf(rows, (at) => `${person(at)},2032,9,${begin},Atlantis`),
      ),
    once: true,
  },
  /** A job of one's own that nothing can readBack. */
  blind: {
    ...patronages,
    job: './blind-pairs.ts',
    blind: true,
    prepare: (folder) => writeFileSync(join(folder, 'blind-pairs.ts'), blindJob),
  },
} satisfies Record<string, Scenario>;
