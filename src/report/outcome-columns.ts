import type {RowState} from '../journal/row-states.ts';

/** Columns of an input file by what reports may repeat of them: secrets and earlier bookkeeping stay out. */
export function reportedColumns(header: readonly string[], secret: ReadonlySet<number>): number[] {
  return header.flatMap((name, at) => (secret.has(at) || /^\s*bulk42_/i.test(name) ? [] : [at]));
}

const outcomeHeader = [
  'bulk42_line',
  'bulk42_outcome',
  'bulk42_status',
  'bulk42_id',
  'bulk42_attempts',
  'bulk42_via',
  'bulk42_code',
  'bulk42_message',
];

/** `fields`: of the API's answers, as the job names them. */
export function reportHeader(fields: readonly string[]): string[] {
  return [...outcomeHeader, ...fields.map((field) => `bulk42_${field}`)];
}

export function reportCells(origin: number, row: RowState, fields: readonly string[]): string[] {
  return [
    String(origin),
    row.outcome,
    String(row.status ?? ''),
    String(row.id ?? ''),
    String(row.attempts),
    row.via ?? '',
    row.code,
    row.message,
    ...fields.map((field) => row.fields?.[field] ?? ''),
  ];
}

export const retryHeader = ['bulk42_line', 'bulk42_outcome', 'bulk42_code', 'bulk42_message'];

export function retryCells(origin: number, row: RowState): string[] {
  return [String(origin), row.outcome, row.code, row.message];
}
