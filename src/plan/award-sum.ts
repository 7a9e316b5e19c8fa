import {pluralize} from '../pluralize.ts';

/** What the rows of an additive job give and take together. */
export interface AwardSum {
  /** Of what: `wallet`. */
  unit: string;
  given: number;
  taken: number;
  users: number;
}

/** `1,240 wallets to 62 users`. */
export function describeSum({unit, given, taken, users}: AwardSum): string {
  const people = pluralize(users, 'user');
  const words = (amount: number) => `${amount.toLocaleString('en')} ${unit}${amount === 1 ? '' : 's'}`;
  if (taken === 0) return `${words(given)} to ${people}`;
  return given === 0
    ? `${words(taken)} from ${people}`
    : `${words(given)} given and ${words(taken)} taken, ${people}`;
}

/** Adds up what rows give and take. */
export class AwardCounter {
  #given = 0;
  #taken = 0;
  readonly #users = new Set<unknown>();

  /** `user`: the receiver; a row that names no user counts as one of its own. */
  add(amount: number, user: unknown): void {
    if (amount > 0) this.#given += amount;
    else this.#taken -= amount;
    this.#users.add(user ?? Symbol('a row'));
  }

  sum(unit: string): AwardSum {
    return {unit, given: this.#given, taken: this.#taken, users: this.#users.size};
  }
}
