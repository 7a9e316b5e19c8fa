/** What a job file may use. Nothing behind it reads a file or the network. */
export {defineJob} from './job/define-job.ts';
export type {JobDefinition} from './job/define-job.ts';
export {
  boolean,
  countryCode,
  date,
  dateTime,
  email,
  file,
  flag,
  id,
  integer,
  many,
  month,
  one,
  oneOf,
  secretText,
  text,
  user,
  year,
} from './job/columns.ts';
export {candidature} from './job/candidature.ts';
export {after, differ, requiredWith, requiredWithout, rule} from './job/rules.ts';
export type {Rule} from './job/rules.ts';
export {each, pick} from './job/pick.ts';
export type {RowOf} from './job/column.ts';
export type {ApiRequest} from './http/request.ts';
