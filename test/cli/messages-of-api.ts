import type {Message, Place} from './messages-stage.ts';

const plan = 'plan patronages pairs.csv';
const run = 'run patronages pairs.csv --yes --settle 0.1';
const creations = {method: 'POST', path: 'patronages'};
const isTheAddress = 'check FORTYTWO_BASE_URL: it must be the address of the API itself';

const manyPairs = ({file, sandbox}: Place) => {
  const people = [...sandbox.store.users.keys()].filter((id) => id >= 1000).slice(0, 12);
  file('pairs.csv', ['user_id,godfather_id', ...people.map((id) => `${id},2`), ''].join('\n'));
};

/** What is said about the API, and about what stands between it and us. */
export const apiMessages: Message[] = [
  {
    type: plan,
    env: {FORTYTWO_SECRET: 'wrong'},
    exit: 77,
    says: 'the API does not accept FORTYTWO_UID and FORTYTWO_SECRET',
    hint: 'copy both again from the application page on the intra: secrets are replaced from time to time',
  },
  {
    type: 'plan closes closes.csv',
    given: ({file}) => file('closes.csv', 'user_id,closer_id,kind,reason\n46,2,other,Noise\n'),
    api: {scopes: ['public']},
    exit: 77,
    says: 'the application may not ask for the scopes public tig',
    hint: 'add the missing scope to the application in its settings on the intra',
  },
  {
    type: plan,
    given: ({sandbox}) =>
      sandbox.addFault({on: {path: 'oauth/token'}, effect: 'none', answer: 'redirect', status: 302}),
    exit: 78,
    says: 'the API redirects the token request (302)',
    hint: isTheAddress,
  },
  {
    type: plan,
    given: ({sandbox}) =>
      sandbox.addFault({on: {method: 'GET'}, effect: 'none', answer: 'redirect', status: 307}),
    exit: 78,
    says: 'GET /v2/patronages is redirected (307)',
    hint: isTheAddress,
  },
  {
    type: plan,
    given({file, sandbox}) {
      file('pairs.csv', 'user_id,godfather_id\njeanne,andre\n');
      sandbox.addFault({on: {method: 'GET', path: 'users'}, effect: 'none', answer: '403-role'});
    },
    exit: 77,
    says: 'GET /v2/users: the API answers 403 (Access Denied: You are not authorized to access this page.)',
    hint: 'the application may lack a role for this; see: bulk42 doctor',
  },
  {
    type: run,
    given: ({sandbox}) =>
      sandbox.addFault({
        on: creations,
        effect: 'none',
        answer: 'redirect',
        status: 308,
        location: 'https://elsewhere.example.org/',
      }),
    exit: 78,
    says: 'the API redirects (308) and redirects are never followed',
    hint: 'check FORTYTWO_BASE_URL; the answer points to https://elsewhere.example.org',
  },
  {
    type: run,
    given: ({sandbox}) => sandbox.addFault({on: creations, effect: 'none', answer: 'status', status: 405}),
    exit: 78,
    says: 'the API does not know this kind of request (405)',
    hint: isTheAddress,
  },
  {
    type: run,
    given: ({sandbox}) =>
      sandbox.addFault({
        on: creations,
        effect: 'none',
        answer: 'status',
        status: 403,
        contentType: 'application/json',
        body: '{"error": "Insufficient scope"}',
      }),
    exit: 77,
    says: 'the application lacks a scope (Insufficient scope)',
    hint: 'add the scope to the application in its settings on the intra, then: bulk42 doctor',
  },
  {
    type: run,
    given(place) {
      manyPairs(place);
      place.sandbox.addFault({on: creations, effect: 'none', answer: 'html-200'});
    },
    exit: 22,
    says: '3 answers in a row say "success" and are none of the API\'s',
    hint: 'is this network logged in, and FORTYTWO_BASE_URL the API itself? Then resume the run',
  },
  {
    type: run,
    given(place) {
      manyPairs(place);
      place.sandbox.addFault({
        on: creations,
        effect: 'none',
        answer: 'status',
        status: 422,
        contentType: 'application/json',
        body: '{"errors": {"user_id": ["is invalid"]}}',
      });
    },
    exit: 22,
    says: 'the API refused 10 of 10 rows, so the run stopped',
    hint: 'see the report for the reasons; --max-failures sets how many are too many',
  },
];
