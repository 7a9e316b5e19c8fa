import {aliasesOf} from './aliases.ts';
import {foldName} from './header-name.ts';

/** Positions of first and last name in a header, under whatever name it has them. */
export function nameColumns(header: readonly string[]): number[] {
  return ['first_name', 'last_name']
    .map((field) => {
      const names = new Set([field, ...aliasesOf(field)].map(foldName));
      return header.findIndex((name) => names.has(foldName(name)));
    })
    .filter((at) => at >= 0);
}
