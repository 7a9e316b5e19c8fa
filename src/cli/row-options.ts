import type {RowShapingOptions} from '../journal/entry.ts';
import {
  choice,
  flag,
  list,
  number,
  type OptionValues,
  pairs,
  text,
  under,
  valuesByColumn,
} from './option-kinds.ts';

/** Which rows there are and what they hold. */
export const rowOptions = under('Rows', {
  map: pairs(
    'map',
    "read a job's column from another header: column=Header (repeat)",
    'column=Header (user_id=Login)',
  ),
  set: pairs(
    'set',
    'give rows without their own this value: column=value (repeat)',
    'column=value (cursus_id=9)',
  ),
  columns: list('names of the columns of a file without a header: a,b', 'column,column'),
  each: valuesByColumn('each', 'each row stands for a row for each value: column=v1,v2'),
  timezone: {...text('zone of date-times written without one'), default: 'UTC'},
  'date-order': choice('how to read 05/06/2026 where the file does not show it', ['dmy', 'mdy']),
  'ignore-unknown': flag('ignore columns that the job does not know'),
  sheet: text('the sheet of a workbook (.xlsx) to read (the first)'),
  delimiter: text('comma, semicolon, tab or pipe (detected)'),
  encoding: text('utf-8, utf-16 or windows-1252 (detected)'),
  lines: text('only these lines: 10-40,55'),
  limit: number('limit', 'only the first N rows', {min: 1}),
});

type RowArguments = OptionValues<typeof rowOptions>;

/** Which rows there are and what they hold, as the journal keeps it. */
export function rowShapingOf(args: RowArguments): RowShapingOptions {
  const {
    map = {},
    set = {},
    timezone,
    dateOrder,
    ignoreUnknown,
    delimiter,
    encoding,
    lines,
    limit,
    columns,
    each,
    sheet,
  } = args;
  return {
    map,
    set,
    timezone,
    ignoreUnknown,
    ...(dateOrder && {dateOrder}),
    ...(delimiter !== undefined && {delimiter}),
    ...(encoding !== undefined && {encoding}),
    ...(lines !== undefined && {lines}),
    ...(limit !== undefined && {limit}),
    ...(columns && {columns}),
    ...(each && {each}),
    ...(sheet !== undefined && {sheet}),
  };
}
