import type {Problem, Values} from './row.ts';

/**
 * A named condition over several columns of a row (or of one element of a group). It holds where a column is not
 * there. The problem is reported for the first column.
 */
export interface Rule {
  name: string;
  columns: readonly [string, ...string[]];
  /** In words, for help and docs. */
  words: string;
  check(row: Values): Problem | undefined;
}

/** Any condition: `broken` tells what is wrong, or undefined. */
export function rule(
  name: string,
  columns: readonly [string, ...string[]],
  words: string,
  broken: (row: Values) => Problem | undefined,
): Rule {
  return {name, columns, words, check: broken};
}

const given = (row: Values, column: string) => row[column] !== undefined && row[column] !== null;

/** Two columns may not hold the same value: a user is not their own godfather. */
export function differ(column: string, other: string): Rule {
  return rule(`differ(${column}, ${other})`, [column, other], `not the same as ${other}`, (row) =>
    given(row, column) && row[column] === row[other]
      ? {
          code: 'same_value',
          message: `${column} and ${other} are the same`,
          hint: `name two different ones in ${column} and ${other}`,
        }
      : undefined,
  );
}

/** A number other than 0. */
export function notZero(column: string): Rule {
  return rule(`notZero(${column})`, [column], 'not 0', (row) =>
    row[column] === 0
      ? {code: 'out_of_range', message: `${column} is 0, which changes nothing`, hint: 'write another number'}
      : undefined,
  );
}

/** A moment strictly later than another one. */
export function after(column: string, earlier: string): Rule {
  return rule(`after(${column}, ${earlier})`, [column, earlier], `after ${earlier}`, (row) => {
    const [late, early] = [row[column], row[earlier]];
    // Moments are ISO strings in UTC, days are ISO days: both sort as text.
    if (typeof late !== 'string' || typeof early !== 'string' || late > early) return undefined;
    return {
      code: 'not_after',
      message: `${column} is not after ${earlier}`,
      hint: `write a later ${column}, or an earlier ${earlier}`,
    };
  });
}

/** A column that must be filled unless another one is: a nested row is new (its fields) or known (its id). */
export function requiredWithout(column: string, other: string): Rule {
  return rule(
    `requiredWithout(${column}, ${other})`,
    [column, other],
    `required when ${other} is empty`,
    (row) =>
      given(row, column) || given(row, other)
        ? undefined
        : {
            code: 'required',
            message: `${column} is required when ${other} is empty`,
            hint: `fill ${column}, or ${other}`,
          },
  );
}

/** A column that must be filled where another one is. */
export function requiredWith(column: string, other: string): Rule {
  return rule(`requiredWith(${column}, ${other})`, [column, other], `required with ${other}`, (row) =>
    given(row, column) || !given(row, other)
      ? undefined
      : {
          code: 'required',
          message: `${column} is required when ${other} is filled`,
          hint: `fill ${column}, or empty ${other}`,
        },
  );
}
