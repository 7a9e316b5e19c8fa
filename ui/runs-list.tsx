import {useEffect, useState} from 'preact/hooks';
import {Failure, Scroll, StepTitle} from './parts.tsx';
import {ask, type ListedRun} from './server.ts';

interface Props {
  onAgain: (kind: 'resume' | 'retry' | 'undo', run: string, sandbox: boolean) => void;
}

/** All runs of the folder, newest first. */
export function RunsList({onAgain}: Props) {
  const [runs, setRuns] = useState<ListedRun[]>();
  const [error, setError] = useState<Error>();
  useEffect(() => {
    ask<ListedRun[]>('GET', '/api/runs').then((found) => setRuns(found.toReversed()), setError);
  }, []);
  return (
    <>
      <StepTitle>All runs</StepTitle>
      <Failure error={error} />
      {runs?.length === 0 && <p>There is none yet.</p>}
      {runs && runs.length > 0 && (
        <Scroll label="Runs">
          <table class="runs">
            <thead>
              <tr>
                <th scope="col">Began</th>
                <th scope="col">Job and file</th>
                <th scope="col">State</th>
                <th scope="col">Rows</th>
                <th scope="col">Who, where</th>
                <th scope="col">Go on</th>
              </tr>
            </thead>
            <tbody>
              {runs.map((each) => (
                <Run key={each.run} run={each} onAgain={onAgain} />
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </>
  );
}

function Run({run: each, onAgain}: Props & {run: ListedRun}) {
  const {run, job, file, state, counts, who, target, rehearsal, startedAt, undoneBy} = each;
  const left = counts.not_started + counts.in_doubt;
  const rejected = counts.failed + counts.invalid;
  const again = (kind: 'resume' | 'retry' | 'undo', name: string) => (
    <button type="button" class="quiet" onClick={() => onAgain(kind, run, rehearsal)}>
      {name}
    </button>
  );
  return (
    <tr>
      <td>{new Date(startedAt).toLocaleString('en-GB', {dateStyle: 'medium', timeStyle: 'short'})}</td>
      <td>
        <a href={`/runs/${run}/report.html`} target="_blank" rel="noreferrer">
          {job}
        </a>
        <br />
        {file.split(/[/\\]/).at(-1)}
      </td>
      <td>
        {state}
        {undoneBy !== null && <>, undone</>}
      </td>
      <td>
        {Object.entries(counts)
          .filter(([, count]) => count > 0)
          .map(([outcome, count]) => `${count} ${outcome.replace('_', ' ')}`)
          .join(', ')}
      </td>
      <td>
        {who?.user}
        <br />
        {rehearsal ? 'rehearsal' : new URL(target).host}
      </td>
      <td>
        {state !== 'running' && left > 0 && again('resume', 'Resume')}
        {state === 'finished' && left === 0 && rejected > 0 && again('retry', 'Retry')}
        {state === 'finished' &&
          left === 0 &&
          counts.created > 0 &&
          undoneBy === null &&
          again('undo', 'Undo')}
      </td>
    </tr>
  );
}
