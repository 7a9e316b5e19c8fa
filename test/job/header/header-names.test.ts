import {describe, expect, it} from 'vitest';
import {loadJob} from '../../../src/job/load-jobs.ts';
import {matchHeader} from '../../../src/job/header/match-header.ts';
import {proposeOptions} from '../../../src/job/header/propose-options.ts';
import {now} from '../read-csv.ts';

const options = {map: {}, set: {}, ignoreUnknown: false};
const enrolments = await loadJob('cursus-users');
const pairs = await loadJob('patronages');

/** The column that each header is read as; a problem's code where it is none. */
async function readAs(job: string, header: readonly string[], more: Partial<typeof options> = {}) {
  const matched = matchHeader(await loadJob(job), header, {...options, ...more});
  if ('problems' in matched) return matched.problems.map(({column, code}) => `${column}: ${code}`);
  return matched.shape.slots.filter(({at}) => at >= 0).map(({name, at}) => `${header[at]}: ${name}`);
}

/** What is proposed for a file of job patronages or cursus-users. */
function propose(job: typeof pairs, header: readonly string[], ...sample: string[][]): string | undefined {
  const matched = matchHeader(job, header, options);
  if (!('problems' in matched)) throw new Error('the header fits');
  return proposeOptions(job, {problems: matched.problems, header, sample, context: {now}})?.options;
}

describe('a header of another name', () => {
  it.each([
    ['French', ['Identifiant', 'Cursus', 'Date de début']],
    ['German', ['Benutzername', 'curriculum', 'START-DATUM'.replace('-', '')]],
    ['Spanish', ['nombre_de_usuario', 'CURSUS', 'fecha de inicio']],
    ['with accents or without, and spaces', ['ÉTUDIANT', ' cursus ', 'DATE DE DEBUT']],
    ['another apostrophe', ["Nom d'utilisateur", 'cursus_id', 'Start']],
  ])('is read where it means one column: %s', async (_name, header) => {
    expect(await readAs('cursus-users', header)).toEqual([
      `${header[0]}: user_id`,
      `${header[1]}: cursus_id`,
      `${header[2]}: begin_at`,
    ]);
  });

  it('gives way to the column’s own', async () => {
    const header = ['user_id', 'login', 'cursus_id', 'begin_at'];
    expect(await readAs('cursus-users', header)).toEqual(['login: unknown_column']);
    expect(await readAs('cursus-users', header, {ignoreUnknown: true})).toContain('user_id: user_id');
  });

  it('is refused beside another one for the same column', async () => {
    const header = ['Login', 'Identifiant', 'cursus_id', 'begin_at'];
    expect(await readAs('cursus-users', header)).toEqual(['Identifiant: duplicate_column']);
    const chosen = {map: {user_id: 'Identifiant'}, ignoreUnknown: true};
    expect(await readAs('cursus-users', header, chosen)).toContain('Identifiant: user_id');
  });

  it('may be listed by the job', async () => {
    expect(await readAs('patronages', ['Filleule', 'Marraine'])).toEqual([
      'Filleule: user_id',
      'Marraine: godfather_id',
    ]);
  });
});

describe('what is proposed for a header that does not fit', () => {
  it('maps what is alike in name', () => {
    expect(propose(pairs, ['user_id', 'god fathers id'], ['andre', 'kpedro'])).toBe(
      `--map 'godfather_id=god fathers id'`,
    );
  });

  it('maps what has a name of the column among its words, though some cells are wrong', () => {
    const french = ['Prénom', 'Login intra', 'Date de début', 'Coalition ?'];
    expect(propose(enrolments, french, ['Al', 'andre', '31/08/2026', 'oui'], ['Bo', 'x y', '', 'bah'])).toBe(
      `--map 'user_id=Login intra' --map 'has_coalition=Coalition ?' --set cursus_id=VALUE --ignore-unknown`,
    );
    const german = ['Benutzername (42)', 'Kursbeginn', 'Kursende', 'Koalition?'];
    const cells = ['andre', '31.09.2026', '25.09.2026', 'ja'];
    expect(propose(enrolments, german, cells, ['kpedro', ...cells.slice(2), ''])).toBe(
      `--map 'user_id=Benutzername (42)' --map begin_at=Kursbeginn --map end_at=Kursende --map 'has_coalition=Koalition?' --set cursus_id=VALUE`,
    );
    expect(propose(enrolments, ['Login A', 'Login B', 'cursus', 'start'], ['andre', 'x', '9', ''])).toMatch(
      /^--map user_id=HEADER/,
    );
  });

  it('does not take a date or a number for another, or a name for a login', () => {
    expect(propose(enrolments, ['Vorname', 'Geboren', 'Alter'], ['andre', '2004-05-06', '22'])).toBe(
      '--map user_id=HEADER --set cursus_id=VALUE --set begin_at=VALUE --ignore-unknown',
    );
  });

  it('maps what holds such cells, if it is the only one', () => {
    expect(propose(pairs, ['user_id', 'wer', 'remark'], ['andre', 'kpedro', 'a word'])).toBe(
      '--map godfather_id=wer --ignore-unknown',
    );
    expect(propose(pairs, ['user_id', 'wer', 'was'], ['andre', 'kpedro', 'jeanne'])).toBe(
      '--map godfather_id=HEADER --ignore-unknown',
    );
  });

  it('sets what may be the same in all rows, and never who is meant', () => {
    expect(propose(enrolments, ['x y', 'remark'], ['a b', 'c d'])).toBe(
      '--map user_id=HEADER --set cursus_id=VALUE --set begin_at=VALUE --ignore-unknown',
    );
  });

  it('is nothing where options do not help', () => {
    expect(propose(pairs, ['user_id', 'user_id', 'godfather_id'])).toBeUndefined();
  });
});
