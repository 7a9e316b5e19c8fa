import {readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import type {Fault} from '../../src/sandbox/faults.ts';
import type {CliResult} from '../helpers/run-cli.ts';

import {csv, fast, fastReads, openStage, type Stage} from './stage.ts';

const secrets = {password: 'Canary-Pa55-word-Q', second: 'Canary-Pa55-again-Q'};
/** A new cell of each kind that must not reach any host but the API. */
const personal = {
  phone: '0699887766',
  birth: '1991-02-03',
  street: '77 Canary Street',
  city: 'Canaryville',
  contact: 'Canarimom',
  email: 'canary.bird@example.org',
  name: 'Canarina',
};

const header =
  'id,first_name,email,password,user_candidature.phone,user_candidature.birth_date,user_candidature.postal_street,' +
  'user_candidature.postal_city,user_candidature.contact_first_name';
const row = (id: number, password: string = secrets.password) => {
  const {name, email, phone, birth, street, city, contact} = personal;
  return [id, name, `${id}.${email}`, password, phone, birth, street, city, contact].join(',');
};

/** Responses that repeat everything, in the shapes that an API, a framework or a proxy gives. */
const everything = [secrets.password, ...Object.values(personal)].join(' ');
const json = 'application/json';
const repeatingFaults: Partial<Fault>[] = [
  {
    answer: 'status',
    status: 422,
    contentType: json,
    body: JSON.stringify({errors: {password: [`${everything} is too short`]}}),
  },
  {answer: 'status', status: 422, contentType: json, body: JSON.stringify({errors: [everything]})},
  {
    answer: 'status',
    status: 400,
    contentType: json,
    body: JSON.stringify({error: 'bad', message: everything}),
  },
  {answer: 'status', status: 403, contentType: json, body: JSON.stringify({error: everything})},
  // Twice, so that the refusal stands.
  {answer: 'status', status: 409, times: 2, contentType: json, body: JSON.stringify({message: everything})},
  {answer: 'status', status: 500, contentType: 'text/html', body: `<html>${everything}</html>`},
  {answer: 'status', status: 200, contentType: 'text/html', body: `<html>${everything}</html>`},
  {answer: 'status', status: 404, contentType: json, body: JSON.stringify({error: everything})},
  {answer: 'status', status: 429, contentType: 'text/plain', body: everything},
  {answer: 'status', status: 401, contentType: json, body: JSON.stringify({error: everything})},
  {
    answer: 'status',
    status: 202,
    contentType: json,
    body: JSON.stringify({id: everything, message: everything}),
  },
  {answer: 'status', status: 408, contentType: 'text/plain', body: everything},
  {answer: 'status', status: 421, contentType: 'text/plain', body: everything},
  {answer: 'status', status: 502, contentType: json, body: JSON.stringify({errors: {base: [everything]}})},
  {answer: 'status', status: 422, contentType: 'text/html', body: `<html>${everything}</html>`},
  // Cut off where messages end, which leaves half of a word that is looked for.
  {
    answer: 'status',
    status: 422,
    contentType: json,
    body: JSON.stringify({error: `${'-'.repeat(290)}${everything}`}),
  },
];

/** Every file below a folder with its content. */
function filesBelow(folder: string): [string, string][] {
  return readdirSync(folder).flatMap((name): [string, string][] => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [[path, readFileSync(path, 'latin1')]];
  });
}

/** Where canaries sing: in files but those given, and in what was printed. */
function hits(
  stage: Stage,
  results: readonly CliResult[],
  canaries: readonly string[],
  allowed: RegExp,
  read: (text: string) => string = (text) => text,
): string[] {
  const texts: [string, string][] = [
    ...filesBelow(stage.folder).flatMap(([path, text]): [string, string][] =>
      allowed.test(path) ? [] : [[path, read(text)]],
    ),
    ...results.flatMap(({stdout, stderr}): [string, string][] => [
      ['stdout', stdout],
      ['stderr', stderr],
    ]),
  ];
  return texts.flatMap(([where, text]) =>
    canaries.filter((canary) => text.includes(canary)).map((canary) => `${canary} in ${where}`),
  );
}

/** A page without the cells of its rows, which it shows when it is asked to. */
function withoutCells(text: string): string {
  return text.replaceAll(/<td class="private">[^]*?<\/td>/g, '');
}

async function faultyRuns(...style: string[]) {
  const stage = await openStage();
  const {sandbox} = stage;
  const token = await tokenOf(stage);
  stage.file(
    'people.csv',
    csv(header, ...repeatingFaults.map((_, at) => row(1000 + at)), row(1050), row(1051, secrets.second)),
  );
  repeatingFaults.forEach((tale, at) =>
    sandbox.addFault({
      on: {method: 'PUT', path: `users/${1000 + at}`},
      times: 1,
      effect: 'none',
      answer: 'status',
      ...tale,
    }),
  );
  sandbox.addFault({on: {method: 'PUT', path: 'users/1050'}, times: 1, effect: 'before', answer: 'reset'});
  const results: CliResult[] = [];
  const more = ['--verbose', ...style];
  const cli = async (...args: string[]) => results.push(await stage.cli([...args, ...more]));
  await cli('validate', 'users', 'people.csv');
  await cli('plan', 'users', 'people.csv', ...fastReads);
  await cli('run', 'users', 'people.csv', '--yes', ...fast);
  await cli('resume', 'last', '--yes', ...fast);
  await cli('report', 'last');
  await cli('retry', 'last', '--yes', ...fast);
  expect(results.map(({code}) => code)).toEqual([0, 0, 20, 20, 0, 0]);
  expect(stage.sandbox.store.users.get(1000)?.password).toBe(secrets.password);
  return {stage, results, token};
}

/** The token that the sandbox gives everyone: the program's own. */
async function tokenOf({sandbox}: Stage): Promise<string> {
  const form = {grant_type: 'client_credentials', client_id: sandbox.uid, client_secret: sandbox.secret};
  const body = new URLSearchParams({...form, scope: 'public'});
  const response = await fetch(`${sandbox.url}/oauth/token`, {method: 'POST', body});
  const {access_token: token} = (await response.json()) as {access_token: string};
  expect(token.length).toBeGreaterThan(20);
  return token;
}

describe('runs over people whose API repeats everything', () => {
  /** Half of it, as it is left where a message is cut off. */
  const half = secrets.password.slice(0, 8);
  const expectNoSecret = ({stage, results, token}: Awaited<ReturnType<typeof faultyRuns>>) =>
    expect(hits(stage, results, [half, secrets.second, stage.sandbox.secret, token], /people\.csv$/)).toEqual(
      [],
    );

  it('show no secret anywhere, not even with --verbose', async () => {
    expectNoSecret(await faultyRuns());
  });

  it('are ended by a redirect, whose address is not repeated', async () => {
    const stage = await openStage();
    stage.file('people.csv', csv(header, row(1000)));
    const {street, email} = personal;
    const location = `https://${secrets.password}:${secrets.second}@example.org/${encodeURI(street)}?for=${email}`;
    const on = {method: 'PUT', path: 'users/1000'};
    stage.sandbox.addFault({on, effect: 'none', answer: 'redirect', status: 307, location});
    const ended = await stage.cli(['run', 'users', 'people.csv', '--yes', '--verbose', ...fast]);
    expect(ended.code).toBe(78);
    expect(ended.stderr).toContain('https://example.org');
    const allowed = /(people|report|retry)\.csv$/;
    expect(hits(stage, [ended], [half, secrets.second, encodeURI(street)], allowed)).toEqual([]);
    expect(hits(stage, [ended], [email], allowed, withoutCells)).toEqual([]);
  });

  it('keep personal data in the report, the retry log and the hidden cells of the page, and in no log, journal or document', async () => {
    const faulty = await faultyRuns('--json');
    expectNoSecret(faulty);
    // A plan shows what would change: that is what it was asked for.
    const others = faulty.results.filter(({stdout}) => !stdout.includes('"digest"'));
    expect(others).toHaveLength(faulty.results.length - 1);
    const allowed = /(people|report|retry|input)\.csv$/;
    expect(hits(faulty.stage, others, Object.values(personal), allowed, withoutCells)).toEqual([]);
    // What is looked for would be found.
    const holders = filesBelow(faulty.stage.folder).filter(([, text]) => text.includes(personal.street));
    expect(holders.map(([path]) => path.split('/').at(-1))).toEqual(
      expect.arrayContaining(['people.csv', 'report.csv', 'retry.csv', 'report.html']),
    );
  });
});
