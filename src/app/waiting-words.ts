import {pluralize} from '../pluralize.ts';
import type {WaitReason} from './run-io.ts';

/** Why a run waits, for people. `rows`: those that it waits for. */
export function waitingWords(reason: WaitReason, rows: number): string {
  return {
    hour: 'the hour is used up',
    refused: 'the API asks to wait',
    outage: 'the API keeps failing',
    unreachable: 'the API cannot be reached',
    firewall: 'a firewall turned a request away',
    redis: 'Redis does not answer, nothing is sent',
    settle: `settling ${pluralize(rows, 'row')} in doubt`,
    recent: `${pluralize(rows, 'row')} written just now cannot be seen yet`,
    elsewhere: 'another machine may have written just now, which is not seen yet',
    unknown: 'a run is gone that may have written just now, and is not seen yet',
  }[reason];
}
