import {seedNames} from './seed-names.ts';
import type {Store} from './store.ts';

const createdAt = '2017-11-22T13:41:00.825Z';

const seedCursus: [id: number, name: string, slug: string][] = [
  [1, '42', '42-1'],
  [2, '42', '42'],
  [3, 'Discovery Piscine', 'discovery-piscine'],
  [4, 'Piscine C', 'piscine-c'],
  [9, 'C Piscine', 'c-piscine'],
  [21, '42cursus', '42cursus'],
  [66, 'C Piscine Reloaded', 'c-piscine-reloaded'],
];

/** The people of the endpoint documents' examples, with the id of each one's candidature. */
const documentedPeople: [id: number, login: string, first: string, last: string, candidature: number][] = [
  [1, 'jeanne', 'Jeanne', 'Calment', 21],
  [2, 'andre', 'Andre', 'Aubin', 22],
  [3, 'gargamel', 'Gaspard', 'Gamel', 24],
  [4, 'kpedro', 'Karl', 'Pedro', 25],
  [46, 'lbuckrid', 'Lily', 'Buckridge', 23],
  [64, 'shepalpa', 'Shepard', 'Palpa', 26],
];

const firstGeneratedId = 1000;

/**
 * Fills a store with the documents' own people and `count` generated ones (ids from 1000 on). The same count gives the same
 * people, and a larger count only adds some. There is no patronage, enrolment or close yet.
 */
export function seed(store: Store, count: number): void {
  for (const [id, name, slug] of seedCursus) store.cursus.set(id, {id, created_at: createdAt, name, slug});
  for (const [id, login, first, last, candidature] of documentedPeople) {
    addPerson(store, {id, login, first, last, candidature, index: id});
  }
  const {first, last} = seedNames;
  for (let index = 0; index < count; index++) {
    // 61 first names and 101 surnames share no factor: every pair comes once before any comes twice.
    const person = {
      first: first[index % first.length] ?? '',
      last: last[index % last.length] ?? '',
      id: firstGeneratedId + index,
      candidature: firstGeneratedId + index + 4000,
      index,
    };
    addPerson(store, {...person, login: freeLogin(store, person.first, person.last)});
  }
}

/** A login in the school's style that is free: initial and surname, seven letters of it, then a number if taken. */
export function freeLogin(store: Store, first: string, last: string): string {
  const letters = (text: string) =>
    text
      .normalize('NFD')
      .toLowerCase()
      .replaceAll(/[^a-z -]/g, '')
      .replaceAll(' ', '-');
  const surname = letters(last).slice(0, 7).replace(/-$/, '');
  for (let taken = 0; ; taken++) {
    // First another letter of the first name, as the school does, then numbers, so that the loop ends for any name.
    const initial = letters(first).slice(0, taken === 1 ? 2 : 1);
    const login = taken < 2 ? `${initial}${surname}` : `${initial}${surname}${taken}`;
    if (store.users.by('login', login).length === 0) return login;
  }
}

interface Person {
  id: number;
  login: string;
  first: string;
  last: string;
  candidature: number;
  index: number;
}

function addPerson(store: Store, {id, login, first, last, candidature, index}: Person): void {
  const {months, cities} = seedNames;
  const born = {created_at: createdAt, updated_at: createdAt};
  const email = `${first}.${last}.${id}@example.org`.toLowerCase().replaceAll(' ', '-');
  store.users.set(id, {
    id,
    login,
    email,
    first_name: first,
    last_name: last,
    usual_first_name: null,
    kind: 'student',
    pool_month: months[index % months.length] ?? null,
    pool_year: String(2015 + (index % 9)),
    status: null,
    campus_id: 1,
    password: null,
    email_stop: false,
    image: null,
    ...born,
  });
  store.candidatures.set(candidature, {
    id: candidature,
    user_id: id,
    birth_date: `${1985 + (index % 20)}-0${1 + (index % 9)}-${10 + (index % 19)}`,
    gender: index % 2 === 0 ? 'female' : 'male',
    zip_code: String(10_000 + ((index * 37) % 80_000)),
    country: 'France',
    birth_city: cities[index % cities.length] ?? null,
    birth_country: 'France',
    max_level_memory: 10 + (index % 12),
    max_level_logic: 8 + (index % 14),
    email,
    ...born,
  });
}
