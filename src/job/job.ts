import {isGroup, type Column, type Many, type One} from './columns/column.ts';
import {shellQuote} from '../shell-quote.ts';
import type {AnyJobDefinition} from './define-job.ts';

export interface LeafColumn {
  /** As in documentation and headers, with N for a number: `community_services.N.duration`. */
  name: string;
  column: Column;
  /** The key in the row, or in the group's element. */
  field: string;
  group?: {name: string; definition: One | Many};
}

export interface Job {
  name: string;
  /** As it is typed in a command: the name, or the path of the user's own file. */
  reference: string;
  definition: AnyJobDefinition;
  /** Every column, groups flattened, in the order of the definition. */
  columns: readonly LeafColumn[];
  /** Columns that a file may have and that are not read: those of a job whose records are removed, but for its keys. */
  ignored?: readonly LeafColumn[];
  /** Those that name users. */
  userColumns: readonly LeafColumn[];
  /** SHA-256 of the job file, hexadecimal: a run is resumed only by the job that began it. */
  hash: string;
}

export function createJob(name: string, definition: AnyJobDefinition, hash = '', reference = name): Job {
  const columns = leafColumns(definition);
  const userColumns = columns.filter(({column}) => column.kind.type === 'user');
  return {name, reference: shellQuote(reference), definition, columns, userColumns, hash};
}

function leafColumns(definition: AnyJobDefinition): LeafColumn[] {
  return Object.entries(definition.columns).flatMap(([name, column]): LeafColumn[] => {
    if (!isGroup(column)) return [{name, column, field: name}];
    const prefix = column.group === 'many' ? `${name}.N.` : `${name}.`;
    return Object.entries(column.fields).map(([field, leaf]) => ({
      name: prefix + field,
      column: leaf,
      field,
      group: {name, definition: column},
    }));
  });
}
