import {pluralize} from '../src/pluralize.ts';
import type {ActivityState} from './server.ts';

interface Props {
  state: ActivityState;
  onAgain: (kind: 'resume' | 'retry' | 'undo', run: string, sandbox: boolean) => void;
  onNew: () => void;
}

/** Rows by outcome. */
export function Counts({state: {counts}}: {state: ActivityState}) {
  if (!counts) return null;
  return (
    <ul class="tiles">
      {Object.entries(counts)
        .filter(([, count]) => count > 0)
        .map(([outcome, count]) => (
          <li class={`tile ${outcome}`} key={outcome}>
            <span class="label">
              <span class="dot" />
              {outcome.replace('_', ' ')}
            </span>
            <strong>{count.toLocaleString('en')}</strong>
          </li>
        ))}
    </ul>
  );
}

/** How a run ended, its files, and what can be done next. */
export function Ended({state, onAgain, onNew}: Props) {
  const {summary} = state;
  if (!summary)
    return (
      <p class="actions">
        <button type="button" onClick={onNew}>
          Back to the start
        </button>
      </p>
    );
  const {run, counts, rehearsal} = summary;
  const left = counts.not_started + counts.in_doubt;
  const rejected = counts.failed + counts.invalid;
  const file = (name: string) => `/runs/${run}/${name}`;
  return (
    <>
      <Counts state={state} />
      {summary.errors.map(({code, count, example}) => (
        <p key={code}>
          {count} × {code}: {example}
        </p>
      ))}
      <p>
        <a href={file('report.html')} target="_blank" rel="noreferrer">
          Open the report
        </a>{' '}
        · <a href={file('report.csv')}>report.csv</a>
        {left + rejected > 0 && (
          <>
            {' '}
            · <a href={file('retry.csv')}>retry.csv</a>
          </>
        )}{' '}
        · <a href={file('summary.json')}>summary.json</a>
      </p>
      <p class="actions">
        {left > 0 && (
          <button type="button" onClick={() => onAgain('resume', run, rehearsal)}>
            Resume: {pluralize(left, 'row')} left
          </button>
        )}
        {left === 0 && rejected > 0 && (
          <button type="button" onClick={() => onAgain('retry', run, rehearsal)}>
            Retry {pluralize(rejected, 'row')}
          </button>
        )}
        {counts.created > 0 && left === 0 && (
          <button type="button" class="quiet" onClick={() => onAgain('undo', run, rehearsal)}>
            Undo
          </button>
        )}
        <button type="button" class="quiet" onClick={onNew}>
          Another file
        </button>
      </p>
    </>
  );
}
