import {isSameApi} from '../../api/canonical-url.ts';
import {InDoubtError} from '../../errors.ts';
import {pluralize} from '../../pluralize.ts';
import type {KnownRun} from '../../runs/find-unfinished.ts';
import {argumentOfRun} from '../../runs/run-directory.ts';

/** @throws InDoubtError (exit 21) while an unfinished run of the same job and API has rows in doubt. */
export function refuseBesideDoubt(
  unfinished: readonly KnownRun[],
  {job, baseUrl}: {job: string; baseUrl: string},
  out: string,
): void {
  const doubtful = unfinished.find(
    ({replayed: {header, states}}) =>
      header.job === job && isSameApi(header.baseUrl, baseUrl) && states.counts.in_doubt > 0,
  );
  if (!doubtful) return;
  const {directory, replayed} = doubtful;
  const rows = pluralize(replayed.states.counts.in_doubt, 'row');
  const argument = argumentOfRun(directory, out);
  throw new InDoubtError(`run ${directory.id} has ${rows} in doubt, which this run could apply twice`, {
    code: 'unsettled_run',
    hint: `bulk42 resume ${argument}`,
  });
}
