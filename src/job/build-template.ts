import type {Job, LeafColumn} from './job.ts';

/** A header with every column of the job, numbered ones once, and one example row that is valid. */
export function buildTemplate(job: Job): {header: string[]; example: string[]} {
  return {
    header: job.columns.map((leaf) => leaf.name.replace('.N.', '.0.')),
    example: job.columns.map(exampleCell),
  };
}

/** The default, where there is one: leaving it out would say the same. */
export function exampleCell({column}: LeafColumn): string {
  return column.traits.default === undefined ? column.example : String(column.traits.default);
}
