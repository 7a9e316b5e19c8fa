import type {Message} from './messages-stage.ts';

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

/** What is said about jobs that the user wrote, and about columns that are kept secret. */
export const ownJobMessages: Message[] = [
  {
    type: 'run ./mine.js strange.csv --yes',
    given(place) {
      place.file('mine.js', ownJob());
      place.file('strange.csv', 'user_id,godfather_id,shoe_size\n46,64,43\n');
    },
    exit: 65,
    says: 'the header does not fit the job; nothing was sent',
    hint: 'bulk42 jobs ./mine.js lists the columns',
  },
  {
    type: 'resume last --yes',
    async given(place) {
      place.file('mine.js', ownJob());
      place.sandbox.addFault({on: creations, effect: 'none', answer: 'redirect', status: 301});
      await place.cli('run', './mine.js', 'pairs.csv', '--yes');
      place.file('mine.js', ownJob(' unique: true,'));
    },
    exit: 65,
    says: 'the job mine changed since run <run> began',
    hint: 'go on with the version of the job that began it',
  },
  {
    type: 'undo last --yes',
    async given(place) {
      place.file('mine.js', ownJob());
      await place.cli('run', './mine.js', 'pairs.csv', '--yes');
    },
    exit: 2,
    says: 'the job mine does not say how its records are removed',
    hint: 'remove them on the intra; for a job of your own, docs/write-a-job.md explains undo',
  },
  {
    type: 'run ./mine.js pairs.csv --yes',
    given: ({file}) => file('mine.js', ownJob().replace("['patronages']", "['patro nages']")),
    exit: 70,
    says: 'a path segment holds something else than letters, digits, _ and -',
    hint: 'please report it, with the job file',
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
    says: '<folder>/people.csv changed, so its secret columns cannot be joined to the retry log',
    hint: 'put the first file back as it was',
  },
];
