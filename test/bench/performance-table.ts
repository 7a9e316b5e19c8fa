import {type Result, shown, targetOf, verdict} from './results.ts';

/** What was measured, as a table of Markdown under a line that says where and when. */
export function performanceTable(results: readonly Result[], facts: readonly string[], day: string): string {
  const head = ['what', 'measured', 'compared with', 'result', 'target', 'verdict'];
  const lines = results
    .toSorted(byPlace)
    .map((result) => [
      result.what,
      result.measured,
      result.yardstick,
      shown(result),
      targetOf(result),
      verdict(result),
    ]);
  const table = [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`);
  return [`\`npm run bench\` on ${day}: ${facts.join(', ')}.`, '', ...table, ''].join('\n');
}

/** As a reader asks: first the file, then the run, then what comes after it. */
const places = [
  /^validate/,
  /^run/,
  /^CPU/,
  /^the same run/,
  /^peak/,
  /^resume/,
  /^report/,
  /page/,
  /^start-up/,
];

function byPlace(one: Result, other: Result): number {
  return placeOf(one) - placeOf(other);
}

function placeOf({what}: Result): number {
  const place = places.findIndex((beginning) => beginning.test(what));
  return place < 0 ? places.length : place;
}
