import type {Fault} from '../../../src/sandbox/faults.ts';
import type {Message, Place} from './stage.ts';

const plan = 'plan patronages pairs.csv';
const run = 'run patronages pairs.csv --yes --settle 0.1';

const fault = (on: NonNullable<Fault['on']>, answer: Partial<Omit<Fault, 'on'>>) => (place: Place) =>
  place.sandbox.addFault({on, effect: 'none', answer: 'status', ...answer});

const creation = (answer: Partial<Omit<Fault, 'on'>>) => fault({method: 'POST', path: 'patronages'}, answer);

const manyPairs = ({file, sandbox}: Place) => {
  const people = [...sandbox.store.users.keys()].filter((id) => id >= 1000).slice(0, 40);
  file('pairs.csv', ['user_id,godfather_id', ...people.map((id) => `${id},2`), ''].join('\n'));
};

/** What the API refuses, and what stands between it and us. */
export const api: Message[] = [
  {
    type: plan,
    env: {FORTYTWO_SECRET: 'wrong'},
    exit: 77,
    code: 'credentials',
    names: ['FORTYTWO_UID', 'FORTYTWO_SECRET'],
    next: ['intra'],
  },
  {
    type: 'plan closes closes.csv',
    given: ({file}) => file('closes.csv', 'user_id,closer_id,kind,reason\n46,2,other,Noise\n'),
    api: {scopes: ['public']},
    exit: 77,
    code: 'scope',
    names: ['public', 'tig'],
    next: ['intra'],
  },
  {
    type: plan,
    given: fault({path: 'oauth/token'}, {answer: 'redirect', status: 302}),
    exit: 78,
    code: 'redirect',
    names: ['POST', 'oauth/token', '302'],
    next: ['FORTYTWO_BASE_URL'],
  },
  {
    type: plan,
    given: fault({method: 'GET'}, {answer: 'redirect', status: 307}),
    exit: 78,
    code: 'redirect',
    names: ['GET', '/v2/patronages', '307'],
    next: ['FORTYTWO_BASE_URL'],
  },
  {
    type: plan,
    given: fault({method: 'GET', path: 'patronages'}, {answer: '403-role'}),
    exit: 77,
    code: 'existing_unreadable',
    names: ['patronages'],
    next: ['bulk42 doctor', '--existing send'],
  },
  {
    type: plan,
    given(place) {
      place.file('pairs.csv', 'user_id,godfather_id\njeanne,andre\n');
      fault({method: 'GET', path: 'users'}, {answer: '403-role'})(place);
    },
    exit: 77,
    code: 'reading_refused',
    names: ['GET /v2/users', '403', 'Access Denied: You are not authorized to access this page.'],
    next: ['bulk42 doctor'],
  },
  {
    type: run,
    given: creation({answer: 'redirect', status: 308, location: 'https://elsewhere.example.org/'}),
    exit: 78,
    code: 'redirect',
    names: ['POST', '/v2/patronages', '308'],
    next: ['FORTYTWO_BASE_URL', 'https://elsewhere.example.org'],
  },
  {
    type: run,
    given: creation({status: 405}),
    exit: 78,
    code: 'wrong_server',
    names: ['405'],
    next: ['FORTYTWO_BASE_URL'],
  },
  {
    type: run,
    given: creation({
      status: 403,
      contentType: 'application/json',
      body: '{"error": "Insufficient scope"}',
    }),
    exit: 77,
    code: 'scope',
    names: ['Insufficient scope'],
    next: ['bulk42 doctor'],
  },
  {
    type: run,
    given(place) {
      manyPairs(place);
      creation({answer: 'html-200'})(place);
    },
    exit: 22,
    code: 'unexpected_answers',
    names: ['3'],
    next: ['FORTYTWO_BASE_URL', 'resume'],
  },
  {
    type: `${run} --concurrency 1`,
    given(place) {
      manyPairs(place);
      creation({
        status: 422,
        contentType: 'application/json',
        body: '{"errors": {"user_id": ["is invalid"]}}',
      })(place);
    },
    exit: 22,
    code: 'max_failures',
    names: ['10'],
    next: ['report', '--max-failures'],
  },
];
