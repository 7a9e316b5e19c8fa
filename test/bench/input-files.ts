import {once} from 'node:events';
import {createWriteStream} from 'node:fs';

/** Full size is 1; a smaller one tries the benchmarks out and proves nothing. */
export const scale = Number(process.env['BENCH_SCALE'] ?? '1');

export const scaled = (rows: number): number => Math.max(10, Math.round(rows * scale));

const two = (number: number): string => String(number).padStart(2, '0');

/** `cursus-users`, 4 columns. Every file is the same each time. */
export function writeEnrolments(path: string, rows: number): Promise<void> {
  return writeLines(path, rows, 'user_id,cursus_id,begin_at,end_at', (n) => {
    const day = two(1 + (n % 28));
    return `${100_000 + n},${n % 9 === 0 ? 21 : 9},2027-02-${day}T08:42:00+01:00,2027-03-${day}T20:00:00+01:00`;
  });
}

const columns = [
  'user_id,birth_date,gender,zip_code,country,phone_country_code,phone,email,birth_city,birth_country',
  'postal_street,postal_complement,postal_city,postal_zip_code,postal_country,contact_affiliation',
  'contact_last_name,contact_first_name,contact_phone1,max_level_memory,max_level_logic,other_information,language',
  'meeting_date,piscine_date',
].join(',');
const genders = ['male', 'female', 'other'];
const cities = ['Lyon', 'Le Havre', 'Saint-Étienne', 'Málaga', 'Kortrijk', 'São Paulo'];

/** `user-candidatures`, 25 of its 28 columns, with quoted cells, empty ones and letters outside ASCII. */
export function writeCandidatures(path: string, rows: number): Promise<void> {
  return writeLines(path, rows, columns, (n) => {
    const city = cities[n % cities.length] ?? '';
    const zip = String(10_000 + (n % 80_000));
    return [
      100_000 + n,
      `${1980 + (n % 25)}-${two(1 + (n % 12))}-${two(1 + (n % 28))}`,
      genders[n % genders.length],
      zip,
      'France',
      'FR',
      `06${String(n % 100_000_000).padStart(8, '0')}`,
      `candidate.${n}@example.org`,
      city,
      'France',
      `"${1 + (n % 200)}, boulevard Bessières"`,
      n % 3 === 0 ? `Bâtiment ${n % 7}` : '',
      city,
      zip,
      'France',
      'parent',
      'Calment',
      'Jeanne',
      `07${String(n % 100_000_000).padStart(8, '0')}`,
      n % 13,
      n % 17,
      n % 5 === 0 ? '"said ""later"", then came"' : '',
      'fr',
      `2027-01-${two(1 + (n % 28))}`,
      '2027-02-01',
    ].join(',');
  });
}

async function writeLines(
  path: string,
  rows: number,
  header: string,
  line: (n: number) => string,
): Promise<void> {
  const file = createWriteStream(path);
  let block = `${header}\n`;
  for (let n = 1; n <= rows; n++) {
    block += `${line(n)}\n`;
    if (block.length < 1 << 18 && n < rows) continue;
    if (!file.write(block)) await once(file, 'drain');
    block = '';
  }
  file.end();
  await once(file, 'finish');
}
