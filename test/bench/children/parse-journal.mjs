import {createReadStream} from 'node:fs';
import {parse} from 'csv-parse';

// The yardstick of resume and report: JSON.parse of every line of a journal, and one reading of a CSV file if given.
const [journal, csv] = process.argv.slice(2);
let [entries, rows, rest] = [0, 0, ''];
for await (const chunk of createReadStream(journal, {encoding: 'utf8', highWaterMark: 1 << 18})) {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop();
  for (const line of lines) if (JSON.parse(line)) entries++;
}
if (csv) for await (const row of createReadStream(csv).pipe(parse({columns: true}))) if (row) rows++;
process.stdout.write(`${entries} ${rows}\n`);
