import type {GrowthPoint} from './results.ts';

const width = 820;
const height = 330;
const plot = {top: 46, bottom: 276, width: 320};
const lefts = {time: 58, memory: 476};
const kinds = ['validate', 'run'] as const;

/** A logarithmic axis in whole powers of ten, or a linear one from 0. */
interface Axis {
  at: (value: number) => number;
  ticks: {value: number; label: string}[];
}

/** Two plots beside each other, time and peak memory against the number of rows, as SVG for light and dark pages. */
export function growthGraph(points: readonly GrowthPoint[]): string {
  const rows = powersOfTen(
    points.map((point) => point.rows),
    compact,
  );
  const time = powersOfTen(
    points.map((point) => point.seconds),
    (value) => `${plain(value)} s`,
  );
  const memory = fromZero(
    points.map((point) => point.peakMb),
    (value) => `${value} MB`,
  );
  const body = [
    ...panel('Time of the whole process', lefts.time, rows, time, points, (point) => point.seconds),
    ...panel('Peak memory', lefts.memory, rows, memory, points, (point) => point.peakMb),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">
<title id="title">Time and peak memory of validate and run, from 1,000 to 1,000,000 rows</title>
<style>
  svg { font: 12px system-ui, sans-serif; --page: #fff; --ink: #1f2328; --dim: #59636e; --grid: #d1d9e0; --validate: #0969da; --run: #bc4c00; }
  @media (prefers-color-scheme: dark) {
    svg { --page: #0d1117; --ink: #f0f6fc; --dim: #9198a1; --grid: #3d444d; --validate: #58a6ff; --run: #ffa657; }
  }
  .page { fill: var(--page); } text { fill: var(--dim); } .head { fill: var(--ink); font-weight: 600; font-size: 13px; }
  .grid { stroke: var(--grid); } .line { fill: none; stroke-width: 2; }
  .validate { stroke: var(--validate); } .run { stroke: var(--run); stroke-dasharray: 6 3; }
  .name-validate, .name-run { paint-order: stroke; stroke: var(--page); stroke-width: 4; }
  .dot-validate, .name-validate { fill: var(--validate); } .dot-run, .name-run { fill: var(--run); }
  .end { text-anchor: end; } .middle { text-anchor: middle; }
</style>
<rect class="page" width="${width}" height="${height}" rx="6"/>
${body.join('\n')}
</svg>
`;
}

function panel(
  head: string,
  left: number,
  rows: Axis,
  values: Axis,
  points: readonly GrowthPoint[],
  valueOf: (point: GrowthPoint) => number,
): string[] {
  const right = left + plot.width;
  const x = (value: number) => round(left + rows.at(value) * plot.width);
  const y = (value: number) => round(plot.bottom - values.at(value) * (plot.bottom - plot.top));
  return [
    `<text class="head" x="${left}" y="24">${head}</text>`,
    ...values.ticks.flatMap(({value, label}) => [
      `<path class="grid" d="M${left} ${y(value)}H${right}"/>`,
      `<text class="end" x="${left - 6}" y="${y(value) + 4}">${label}</text>`,
    ]),
    ...rows.ticks.map(
      ({value, label}) => `<text class="middle" x="${x(value)}" y="${plot.bottom + 20}">${label}</text>`,
    ),
    `<text class="middle" x="${left + plot.width / 2}" y="${plot.bottom + 40}">rows</text>`,
    ...kinds.flatMap((kind) => {
      const own = points.filter(({what}) => what === kind);
      const last = own.at(-1);
      if (!last) return [];
      const path = own.map((point, n) => `${n === 0 ? 'M' : 'L'}${x(point.rows)} ${y(valueOf(point))}`);
      return [
        `<path class="line ${kind}" d="${path.join('')}"/>`,
        ...own.map(
          (point) => `<circle class="dot-${kind}" cx="${x(point.rows)}" cy="${y(valueOf(point))}" r="3.5"/>`,
        ),
        `<text class="name-${kind} end" x="${x(last.rows) - 4}" y="${y(valueOf(last)) - 9}">${kind}</text>`,
      ];
    }),
  ];
}

function powersOfTen(values: readonly number[], label: (value: number) => string): Axis {
  const from = Math.floor(Math.log10(Math.min(...values)) + 1e-9);
  const to = Math.max(from + 1, Math.ceil(Math.log10(Math.max(...values)) - 1e-9));
  return {
    at: (value) => (Math.log10(value) - from) / (to - from),
    ticks: Array.from({length: to - from + 1}, (_, n) => ({
      value: 10 ** (from + n),
      label: label(10 ** (from + n)),
    })),
  };
}

function fromZero(values: readonly number[], label: (value: number) => string): Axis {
  const step = 50;
  const top = step * Math.ceil((Math.max(...values) * 1.1) / step);
  return {
    at: (value) => value / top,
    ticks: Array.from({length: top / step + 1}, (_, n) => ({value: n * step, label: label(n * step)})),
  };
}

const compact = (value: number): string =>
  plain(value)
    .replace(/000000$/, ' M')
    .replace(/000$/, ' k');

/** Without the dust of floating point: 0.1, 1000. */
const plain = (value: number): string => String(Number(value.toPrecision(6)));

const round = (value: number): number => Math.round(value * 10) / 10;
