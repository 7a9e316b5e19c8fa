import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {buildForm, type FilePart, hasFile} from '../../src/http/form-body.ts';
import type {Tree} from '../../src/http/request.ts';

const picture: FilePart = {bytes: new Uint8Array([1, 2, 3]), type: 'image/gif', extension: 'gif'};
const read = () => Promise.resolve(picture);

/** Fields in order, files by their name and type. */
async function fieldsOf(body: Tree): Promise<[string, string][]> {
  const form = await buildForm(body, read);
  return Array.from(form, ([name, value]) => [
    name,
    typeof value === 'string' ? value : `${value.name} ${value.type} ${value.size}`,
  ]);
}

interface Params {
  [name: string]: string | Params | (string | Params)[];
}

/** Bracketed names to a tree, by the rules of Rack's `normalize_params`. */
function nested(fields: readonly (readonly [string, string])[]): Params {
  const tree: Params = {};
  const put = (params: Params, name: string, after: string, value: string): void => {
    if (after === '') {
      params[name] = value;
    } else if (after === '[]') {
      ((params[name] ??= []) as string[]).push(value);
    } else if (after.startsWith('[][')) {
      const [, child = '', rest = ''] = /^\[\]\[([^\]]+)\](.*)$/.exec(after) ?? [];
      const list = (params[name] ??= []) as Params[];
      const last = list.at(-1);
      if (last && !(child in last)) return put(last, child, rest, value);
      list.push({});
      put(list.at(-1) as Params, child, rest, value);
    } else {
      const [, child = '', rest = ''] = /^\[([^\]]+)\](.*)$/.exec(after) ?? [];
      put((params[name] ??= {}) as Params, child, rest, value);
    }
  };
  for (const [name, value] of fields) {
    const [, root = '', after = ''] = /^([^[]+)(.*)$/.exec(name) ?? [];
    put(tree, root, after, value);
  }
  return tree;
}

describe('a form', () => {
  it('writes names with brackets, as Rails reads them', async () => {
    const body: Tree = {
      user: {
        first_name: 'Jeanne',
        pool_year: 2026,
        email_stop: false,
        status: null,
        image: {file: 'pictures/jeanne "x".gif'},
        user_candidature_attributes: [{gender: 'female', max_level_logic: 3}],
        cursus_users_attributes: [
          {cursus_id: 9, begin_at: '2026-11-23T08:00:00Z'},
          {cursus_id: 21, end_at: null},
        ],
      },
    };
    expect(await fieldsOf(body)).toEqual([
      ['user[first_name]', 'Jeanne'],
      ['user[pool_year]', '2026'],
      ['user[email_stop]', 'false'],
      ['user[status]', ''],
      // Never the name that the user wrote.
      ['user[image]', 'upload.gif image/gif 3'],
      ['user[user_candidature_attributes][][gender]', 'female'],
      ['user[user_candidature_attributes][][max_level_logic]', '3'],
      ['user[cursus_users_attributes][][cursus_id]', '9'],
      ['user[cursus_users_attributes][][begin_at]', '2026-11-23T08:00:00Z'],
      ['user[cursus_users_attributes][][cursus_id]', '21'],
      ['user[cursus_users_attributes][][end_at]', ''],
    ]);
  });

  it('keeps the objects of a list apart, whichever fields they have', async () => {
    const cursus = [
      {id: 5, _destroy: 'true'},
      {cursus_id: 9, begin_at: '2026-11-23'},
      {cursus_id: 21, begin_at: '2026-11-24'},
    ];
    const read = nested(await fieldsOf({user: {cursus_users_attributes: cursus}}));
    expect(read).toEqual({
      user: {
        cursus_users_attributes: [
          {id: '5', _destroy: 'true'},
          {id: '', cursus_id: '9', begin_at: '2026-11-23'},
          {id: '', cursus_id: '21', begin_at: '2026-11-24'},
        ],
      },
    });
  });

  it('is read by Rails as what was meant, whatever the row is', async () => {
    const text = fc.string({unit: 'grapheme', maxLength: 8});
    const fields = (...names: string[]) =>
      fc.record(Object.fromEntries(names.map((name) => [name, text])), {requiredKeys: []});
    const element = fields('id', 'cursus_id', 'begin_at', '_destroy').filter(
      (each) => Object.keys(each).length > 0,
    );
    const user = fc.record({
      login: text,
      candidature: fields('gender', 'pin').filter((each) => Object.keys(each).length > 0),
      cursus: fc.array(element, {minLength: 1, maxLength: 5}),
    });
    await fc.assert(
      fc.asyncProperty(user, async (row) => {
        const read = nested(await fieldsOf({user: row as Tree})) as {user: typeof row};
        // An empty id is that of a new record; Rails takes it for none.
        const withoutEmptyIds = read.user.cursus.map(({id, ...rest}) => ({...(id ? {id} : {}), ...rest}));
        const wanted = row.cursus.map(({id, ...rest}) => ({...(id ? {id} : {}), ...rest}));
        expect({...read.user, cursus: withoutEmptyIds}).toEqual({...row, cursus: wanted});
      }),
    );
  });
});

it.each<[Tree, boolean]>([
  [{user: {image: {file: 'a.png'}}}, true],
  [{user: {list: [{deep: {file: 'a.png'}}]}}, true],
  [{user: {file: {name: 'a.png'}, list: ['file'], none: null}}, false],
  [{}, false],
])('%j holds a file: %s', (body, expected) => {
  expect(hasFile(body)).toBe(expected);
});
