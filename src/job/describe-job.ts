import {exampleCell} from './build-template.ts';
import type {Job, LeafColumn} from './job.ts';

export interface ColumnDescription {
  column: string;
  type: string;
  required: boolean;
  /** Everything else that is checked, each in a few words. */
  rules: string[];
  about: string;
  example: string;
}

/** One row per column, for help, templates and docs. */
export function describeJob(job: Job): ColumnDescription[] {
  return job.columns.map((leaf) => ({
    column: leaf.name,
    type: leaf.column.kind.words,
    required: leaf.column.traits.required === true,
    rules: rulesOf(job, leaf),
    about: leaf.column.about,
    example: exampleCell(leaf),
  }));
}

function rulesOf(job: Job, {column, field, group}: LeafColumn): string[] {
  const {traits} = column;
  const {keys, rules = []} = job.definition;
  const alternatives = keys.length > 1 && !group && keys.flat().includes(field);
  const crossing = group ? group.definition.rules : rules;
  return [
    ...(traits.default === undefined ? [] : [`default ${String(traits.default)}`]),
    ...(alternatives ? [`one of ${keys.map((key) => key.join(' + ')).join(', ')} is required`] : []),
    ...crossing.filter((rule) => rule.columns[0] === field).map((rule) => rule.words),
    ...(traits.nullable && !(!group && keys.flat().includes(field)) ? ['<clear> allowed'] : []),
    ...(traits.secret ? ['secret'] : []),
  ];
}
