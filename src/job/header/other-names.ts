import {aliasesOf} from './aliases.ts';
import {foldName} from './header-name.ts';
import type {LeafColumn} from '../job.ts';

/** What a column is also called: by its job, and wherever it occurs. */
export function otherNames({field, column}: LeafColumn): readonly string[] {
  return [...(column.traits.aliases ?? []), ...aliasesOf(field)];
}

/** The only one of the columns that a header names by another name. Numbered columns have none. */
export function columnCalled(header: string, columns: readonly LeafColumn[]): LeafColumn | undefined {
  const folded = foldName(header);
  const [column, ...more] = columns.filter(
    (leaf) => !leaf.name.includes('.N.') && otherNames(leaf).some((name) => foldName(name) === folded),
  );
  return more.length === 0 ? column : undefined;
}
