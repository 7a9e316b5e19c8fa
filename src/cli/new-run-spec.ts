import type {NewRunSpec} from '../app/run-spec.ts';
import type {ArgumentsOf, planOptions} from './options.ts';
import {rowShapingOf} from './row-options.ts';
import type {Terminal} from './terminal.ts';

type NewRunArguments = Omit<ArgumentsOf<typeof planOptions>, 'save' | 'all' | 'html' | 'existing'> & {
  job: string;
  file: string;
  existing: NewRunSpec['existing'];
};

/** What plan and run have in common: a job and a file, and how its rows are read and decided. */
export function newRunSpec(args: NewRunArguments, {stdin}: Pick<Terminal, 'stdin'>): NewRunSpec {
  const {job, file, existing, onInvalid, changedSince} = args;
  return {kind: 'new', job, file, stdin, shape: rowShapingOf(args), existing, onInvalid, changedSince};
}
