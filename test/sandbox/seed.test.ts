import {expect, test} from 'vitest';
import {freeLogin, seed} from '../../src/sandbox/seed.ts';
import {createStore} from '../../src/sandbox/store.ts';

function seeded(count: number) {
  const store = createStore();
  seed(store, count);
  return store;
}

test('the documented people, and generated ones that a larger count only adds to', () => {
  const small = [...seeded(40).users.values()];
  const large = [...seeded(7000).users.values()];
  expect(large.slice(0, small.length)).toEqual(small);
  expect(small.map(({id, login}) => `${id} ${login}`)).toEqual(
    expect.arrayContaining([
      '2 andre',
      '46 lbuckrid',
      '64 shepalpa',
      '1000 amartin',
      '1002 cle-goff',
      '1004 eait-ahm',
    ]),
  );
  expect(new Set(large.map(({login}) => login)).size).toBe(7006);
  expect(new Set(large.map(({email}) => email)).size).toBe(7006);
});

test('everybody has one candidature', () => {
  const {users, candidatures} = seeded(300);
  for (const id of users.keys()) expect(candidatures.by('user_id', id)).toHaveLength(1);
  expect(candidatures.get(23)?.user_id).toBe(46);
});

test('a login is free, short and plain', () => {
  const store = seeded(100);
  expect(freeLogin(store, 'Éloïse', "D'Artagnan")).toBe('edartagn');
  expect(freeLogin(store, 'Alain', 'Martin')).toBe('almartin');
});
