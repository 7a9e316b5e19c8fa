import {expect, it} from 'vitest';
import {openStage, outcomes, type Stage} from '../e2e/stage.ts';
import {codeBlocks, readDocument} from './documents.ts';
import {prepareShell, runScript} from './shell.ts';

const page = 'docs/recipes.md';

interface Recipe {
  files: Record<string, string>;
  /** What is there before. */
  seed?: (store: Stage['sandbox']['store']) => void;
  expect: (stage: Stage) => void;
}

const list = (...logins: string[]) => `${logins.join('\n')}\n`;
const at = '2030-01-02T03:04:05.000Z';
const stamps = {created_at: at, updated_at: at};
const usersOf = ({sandbox}: Stage, table: 'groups_users' | 'exams_users' | 'projects_users') =>
  [...sandbox.store.tables[table].values()].map(({user_id}) => user_id);

/** By the heading above its commands. */
const recipes: Record<string, Recipe> = {
  'New accounts, enrolled and in a group': {
    files: {
      'newcomers.csv':
        'email,first_name,last_name,campus_id\nuna@example.net,Una,Quist,7\nola@example.net,Ola,Quist,7\n',
    },
    expect: (stage) => {
      const {store} = stage.sandbox;
      const accounts = [...store.users.values()].filter(({last_name}) => last_name === 'Quist');
      expect(accounts.map(({login}) => login)).toEqual(['uquist', 'oquist']);
      const ids = accounts.map(({id}) => id);
      expect(usersOf(stage, 'groups_users')).toEqual(ids);
      for (const id of ids) {
        const enrolments = store.cursusUsers.by('user_id', id);
        expect(enrolments.map(({cursus_id}) => cursus_id)).toEqual([4, 21]);
      }
    },
  },
  'The roster of an exam': {
    files: {'roster.txt': list('jeanne', 'andre'), 'late.txt': list('gargamel')},
    expect: (stage) => {
      expect(usersOf(stage, 'exams_users')).toEqual([1, 2]);
      expect(stage.summary().counts.removed).toBe(1);
    },
  },
  'Points after a rush': {
    files: {'rush.csv': 'user_id,amount\njeanne,7\nandre,-3\n'},
    expect: ({sandbox}) => {
      const given = [...sandbox.store.tables.correction_point_historics.values()];
      expect(given.map(({user_id, sum, reason}) => [user_id, sum, reason])).toEqual([
        [1, 7, 'Rush 00, 14 November'],
        [2, -3, 'Rush 00, 14 November'],
      ]);
    },
  },
  'A promotion on several projects': {
    files: {'promotion.txt': list('jeanne', 'andre')},
    expect: (stage) => expect(usersOf(stage, 'projects_users')).toEqual([1, 1, 1, 2, 2, 2]),
  },
  "A promotion's cursus ends later": {
    files: {
      'promotion.csv':
        'user_id,begin_at,end_at\njeanne,2027-02-01,2027-12-18\nandre,2027-02-01,2027-12-18\nkpedro,2027-02-01,2027-12-18\n',
    },
    seed: ({cursusUsers}) => {
      for (const user_id of [1, 2])
        cursusUsers.insert((id) => ({
          id,
          user_id,
          cursus_id: 21,
          begin_at: '2027-02-01T00:00:00.000Z',
          end_at: '2027-07-14T00:00:00.000Z',
          grade: null,
          level: 3,
          blackholed_at: null,
          has_coalition: true,
          ...stamps,
        }));
    },
    expect: (stage) => {
      const {sandbox} = stage;
      const promotion = [...sandbox.store.cursusUsers.values()].filter(({cursus_id}) => cursus_id === 21);
      expect(promotion.map(({user_id, end_at}) => [user_id, end_at])).toEqual(
        [1, 2, 4].map((user) => [user, '2027-12-18T00:00:00.000Z']),
      );
      expect(stage.summary().counts).toMatchObject({created: 1, updated: 2});
    },
  },
  'Patronages that are over': {
    files: {'pairs.csv': 'user_id,godfather_id\njeanne,gargamel\nandre,gargamel\n'},
    seed: ({patronages}) => {
      for (const user_id of [1, 2, 4])
        patronages.insert((id) => ({id, user_id, godfather_id: 3, ongoing: true, ...stamps}));
    },
    expect: (stage) => {
      const [first = ''] = stage.runs();
      expect(outcomes(stage.report(first))).toEqual(['updated', 'updated']);
      const left = [...stage.sandbox.store.patronages.values()].filter(
        ({godfather_id}) => godfather_id === 3,
      );
      expect(left.map(({user_id, ongoing}) => [user_id, ongoing])).toEqual([[4, true]]);
    },
  },
  'Leave a group': {
    files: {'leavers.txt': list('jeanne', 'andre')},
    seed: ({tables}) => {
      for (const user_id of [1, 3])
        tables.groups_users.set(90 + user_id, {id: 90 + user_id, group_id: 12, user_id, ...stamps});
    },
    expect: (stage) => {
      expect(usersOf(stage, 'groups_users')).toEqual([3]);
      expect(stage.summary().counts).toMatchObject({removed: 1, unchanged: 1});
    },
  },
  'Freeze a list of accounts': {
    files: {'interns.txt': list('kpedro')},
    expect: ({sandbox}) =>
      expect([...sandbox.store.tables.anti_grav_units_users.values()]).toMatchObject([
        {user_id: 4, begin_date: '2027-02-01', expected_end_date: '2027-03-31', reason: 'Internship'},
      ]),
  },
  'Wallets for an open day': {
    files: {'helpers.txt': list('jeanne', 'kpedro')},
    expect: ({sandbox}) =>
      expect([...sandbox.store.tables.transactions.values()]).toMatchObject([
        {user_id: 1, value: 20, transactable_type: 'Open day', reason: 'Guided visitors on 14 November'},
        {user_id: 4, value: 20},
      ]),
  },
};

const sections = readDocument(page)
  .split(/^## /m)
  .slice(1)
  .map((section) => ({
    title: section.split('\n')[0] ?? '',
    script: /```sh\n([\s\S]*?)```/.exec(section)?.[1],
  }));

it('every recipe has its commands, and its test', () => {
  expect(sections.map(({title}) => title)).toEqual(Object.keys(recipes));
  expect(sections.map(({script}) => script?.trimEnd())).toEqual(
    codeBlocks(page, 'sh').map((block) => block.trimEnd()),
  );
});

it.each(sections)('$title', async ({title, script = ''}) => {
  const stage = await openStage();
  const shell = prepareShell(stage.folder, stage.sandbox);
  const recipe = recipes[title];
  recipe?.seed?.(stage.sandbox.store);
  for (const [name, content] of Object.entries(recipe?.files ?? {})) stage.file(name, content);
  const {code, stderr} = await runScript(script, shell);
  expect({code, stderr: code === 0 ? '' : stderr}).toEqual({code: 0, stderr: ''});
  recipe?.expect(stage);
});
