import {elementsOf, isGroup} from './columns/column.ts';
import type {Job} from './job.ts';
import {matchElements} from './match-elements.ts';
import type {Values} from './row.ts';

/**
 * The row with the ids of nested records that already exist: with its id a nested record is changed, without it the
 * API adds one, and a second candidature takes the place of the first with all that it held.
 */
export function adoptIds(job: Job, values: Values, shown: Values): Values {
  const adopted = {...values};
  for (const [name, group] of Object.entries(job.definition.columns)) {
    if (!isGroup(group) || !('id' in group.fields) || !(name in values)) continue;
    const elements = elementsOf(values, name);
    const matches = matchElements(group, elements, elementsOf(shown, name));
    const known = elements.map((element, index): Values => {
      const id = matches[index]?.['id'];
      return typeof id === 'number' ? {id, ...element} : element;
    });
    const [first] = known;
    if (first) adopted[name] = group.group === 'one' ? first : known;
  }
  return adopted;
}

/** The ids that nested records got by `adoptIds`: of `user_candidature`, of `cursus_users.0`. */
export function adoptedIds(job: Job, values: Values, adopted: Values): Record<string, number> | undefined {
  const ids: Record<string, number> = {};
  for (const [name, group] of Object.entries(job.definition.columns)) {
    if (!isGroup(group) || !('id' in group.fields)) continue;
    const before = elementsOf(values, name);
    elementsOf(adopted, name).forEach(({id}, index) => {
      if (typeof id === 'number' && before[index]?.['id'] !== id)
        ids[group.group === 'many' ? `${name}.${index}` : name] = id;
    });
  }
  return Object.keys(ids).length > 0 ? ids : undefined;
}

/** The row with these ids of nested records. */
export function withAdoptedIds(job: Job, values: Values, ids: Readonly<Record<string, number>> = {}): Values {
  const adopted = {...values};
  for (const [name, group] of Object.entries(job.definition.columns)) {
    if (!isGroup(group) || !(name in values)) continue;
    const known = elementsOf(values, name).map((element, index): Values => {
      const id = ids[group.group === 'many' ? `${name}.${index}` : name];
      return id === undefined ? element : {id, ...element};
    });
    const [first] = known;
    if (first) adopted[name] = group.group === 'one' ? first : known;
  }
  return adopted;
}
