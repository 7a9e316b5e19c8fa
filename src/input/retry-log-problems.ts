import type {Issue} from '../job/row.ts';

/** A retry takes no options for its header: it has those of the first run. */
export const addedColumn = 'remove the column again, or give it the name back that it had in retry.csv';

/** Without the line it cannot be known which row was left, and the password of one would be sent for another. */
export const withoutOrigin: Issue = {
  column: 'bulk42_line',
  value: '',
  code: 'missing_column',
  message: 'needed to know which row of the first file each row is',
  hint: 'put the column back as it was in retry.csv',
};

export function unknownOrigin(origin: number): Issue {
  return {
    column: 'bulk42_line',
    value: String(origin),
    code: 'retry_log',
    message: 'names no row of the first file, which holds the secret cells',
    hint: 'put the number back as it was in retry.csv',
  };
}
