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
} from './job/columns/columns.ts';
export {account, enrolment, language} from './job/presets/account.ts';
export {candidature} from './job/presets/candidature.ts';
export {joinTable} from './job/presets/join-table.ts';
export {after, differ, notZero, requiredWith, requiredWithout, rule} from './job/rules.ts';
export type {Rule} from './job/rules.ts';
export {each, ids, pick} from './job/pick.ts';
export type {RowOf} from './job/columns/column.ts';
export type {ApiRequest} from './http/request.ts';
