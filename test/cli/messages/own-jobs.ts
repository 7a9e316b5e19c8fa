import type {Message} from './stage.ts';

const creations = {method: 'POST', path: 'patronages'};

const ownJob = (more = '') =>
  `import {defineJob, pick, user} from 'bulk42';
  export default defineJob({
    summary: 'Pair students',
    needs: {roles: ['Advanced tutor']},
    columns: {user_id: user('Student').required(), godfather_id: user('Godfather').required()},
    keys: [['user_id', 'godfather_id']],
    request: (row) => ({method: 'POST', path: ['patronages'], body: {patronage: row}}),
    readBack: [],${more}
  });`;

/** Job files of users, and columns that are kept secret. */
export const ownJobs: Message[] = [
  {
    type: 'run ./mine.js strange.csv --yes',
    given(place) {
      place.file('mine.js', ownJob());
      place.file('strange.csv', 'user_id,godfather_id,shoe_size\n46,64,43\n');
    },
    exit: 65,
    code: 'header',
    names: ['header'],
    next: ['bulk42 --json run ./mine.js strange.csv --yes --ignore-unknown'],
  },
  {
    type: 'resume last --yes',
    async given(place) {
      place.file('mine.js', ownJob());
      place.sandbox.addFault({on: creations, effect: 'none', answer: 'redirect', status: 301});
      await place.cli('run', './mine.js', 'pairs.csv', '--yes');
      place.file('mine.js', ownJob(" confirm: 'count',"));
    },
    exit: 65,
    code: 'job_changed',
    names: ['mine', '<run>'],
    next: [],
  },
  {
    type: 'undo last --yes',
    async given(place) {
      place.file('mine.js', ownJob());
      await place.cli('run', './mine.js', 'pairs.csv', '--yes');
    },
    exit: 2,
    code: 'no_undo',
    names: ['mine'],
    next: ['intra', 'docs/write-a-job.md'],
  },
  {
    type: 'remove ./mine.js pairs.csv --yes',
    given: ({file}) => file('mine.js', ownJob()),
    exit: 2,
    code: 'no_remove',
    names: ['mine'],
    next: ['intra', 'docs/write-a-job.md'],
  },
  {
    type: 'remove ./mine.js pairs.csv --yes',
    given: ({file}) =>
      file('mine.js', ownJob(" remove: (id) => [{method: 'DELETE', path: ['patronages', id]}],")),
    exit: 2,
    code: 'no_remove',
    names: ['mine', 'read'],
    next: ['bulk42 undo'],
  },
  {
    type: 'run ./mine.js pairs.csv --yes --existing update',
    given: ({file}) => file('mine.js', ownJob()),
    exit: 2,
    code: 'no_update',
    names: ['mine'],
    next: ['--existing update', 'docs/write-a-job.md'],
  },
  {
    type: 'run ./mine.js pairs.csv --yes',
    given: ({file}) => file('mine.js', ownJob().replace("['patronages']", "['patro nages']")),
    exit: 70,
    code: 'bad_path',
    names: ['path'],
    next: ['job file'],
  },
  {
    type: 'retry last --yes',
    async given(place) {
      place.file('people.csv', 'id,first_name,password\n46,Lily,Hush-hush-1\n64,Shepard,Hush-hush-2\n');
      place.sandbox.addFault({
        on: {method: 'PUT', path: 'users'},
        effect: 'none',
        answer: '404-empty-object',
      });
      await place.cli('run', 'users', 'people.csv', '--yes');
      place.file('people.csv', 'id,first_name,password\n46,Lily,Hush-hush-3\n64,Shepard,Hush-hush-2\n');
    },
    exit: 65,
    code: 'input_changed',
    names: ['<folder>/people.csv', 'secret', 'retry log'],
    next: [],
  },
];
