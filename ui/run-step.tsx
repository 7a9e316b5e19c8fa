import {useEffect, useState} from 'preact/hooks';
import {describeSum} from '../src/plan/award-sum.ts';
import {pluralize} from '../src/pluralize.ts';
import {Counts, Ended} from './ended.tsx';
import {clockTime, Command, Failure, Scroll, StepTitle} from './parts.tsx';
import {ask, type ActivityState, type PlanDocument, ServerError} from './server.ts';

interface Props {
  state: ActivityState;
  onAgain: (kind: 'resume' | 'retry' | 'undo', run: string, sandbox: boolean) => void;
  onNew: () => void;
}

/** Steps 4 to 6: the plan and its question, the run as it goes on, and what comes afterwards. */
export function RunStep({state, onAgain, onNew}: Props) {
  const {phase, notes, error, command} = state;
  return (
    <>
      <StepTitle>{titleOf(state)}</StepTitle>
      {error && <Failure error={new ServerError(error.message, error.hint)} />}
      {phase === 'planning' && <Planning state={state} />}
      {state.plan && phase !== 'planning' && phase !== 'ended' && <PlanFacts state={state} />}
      {phase === 'asking' && <Confirm state={state} />}
      {phase === 'running' && <Live state={state} />}
      {phase === 'ended' && <Ended state={state} onAgain={onAgain} onNew={onNew} />}
      {notes.length > 0 && (
        <ul class="notes">
          {notes.map((text, at) => (
            <li key={at}>{text}</li>
          ))}
        </ul>
      )}
      <Command text={command} />
    </>
  );
}

function titleOf({phase, summary, isDeclined, isStopping, error}: ActivityState): string {
  if (phase === 'planning') return 'Asking the API what is there';
  if (phase === 'asking') return 'This is what will happen';
  if (phase === 'running') return isStopping ? 'Stopping' : 'Sending';
  if (summary) return summary.state === 'finished' ? 'The run is finished' : 'The run has stopped';
  if (isDeclined) return 'Nothing was sent';
  return error ? 'Nothing more was sent' : 'No run is under way';
}

function Planning({state: {planning}}: {state: ActivityState}) {
  return (
    <>
      <p role="status">
        {planning ? `${planning.rows} of ${pluralize(planning.of, 'row')} looked up` : 'Reading…'}
      </p>
      {planning && <progress value={planning.rows} max={planning.of} aria-label="Rows looked up" />}
      <p class="actions">
        <button type="button" class="quiet" onClick={() => void ask('POST', '/api/stop', {})}>
          Stop
        </button>
      </p>
    </>
  );
}

function PlanFacts({state: {plan, inDoubt = 0}}: {state: ActivityState}) {
  if (!plan) return null;
  const {counts, requests, schedule, warnings, sum} = plan;
  return (
    <>
      <ul class="tiles">
        {Object.entries(counts)
          .filter(([, count]) => count > 0)
          .map(([action, count]) => (
            <li class="tile" key={action}>
              <span class="label">{planWords[action] ?? action}</span>
              <strong>{count.toLocaleString('en')}</strong>
            </li>
          ))}
      </ul>
      <p>
        {pluralize(requests.writes, 'request')} to {plan.baseUrl}
        {requests.writes > 0 && <>, done about {clockTime(Date.parse(schedule.finishesAt))}</>}.
        {inDoubt > 0 && ` ${pluralize(inDoubt, 'row')} in doubt will be settled first.`}
        {sum && ` Together: ${describeSum(sum)}.`}
      </p>
      {warnings.map((text) => (
        <p class="effect" key={text}>
          {text}
        </p>
      ))}
      <PlanRows />
    </>
  );
}

const planWords: Readonly<Record<string, string>> = {
  create: 'to create',
  update: 'to update',
  remove: 'to remove',
  unchanged: 'left alone',
  failed: 'cannot be sent',
  invalid: 'invalid',
};

const pageRows = 100;

/** The rows of the plan, by what happens with them. */
function PlanRows() {
  const [plan, setPlan] = useState<PlanDocument>();
  const [action, setAction] = useState('');
  const [shown, setShown] = useState(pageRows);
  useEffect(() => {
    void ask<PlanDocument>('GET', '/api/plan').then(setPlan);
  }, []);
  if (!plan) return null;
  const actions = [...new Set(plan.rows.map((row) => row.action))];
  const rows = plan.rows.filter((row) => action === '' || row.action === action);
  return (
    <section>
      <label class="field">
        Show
        <select value={action} onChange={(event) => setAction(event.currentTarget.value)}>
          <option value="">all rows that are listed</option>
          {actions.map((each) => (
            <option key={each} value={each}>
              {planWords[each] ?? each}
            </option>
          ))}
        </select>
      </label>
      <Scroll label="Rows of the plan">
        <table class="plan-rows">
          <thead>
            <tr>
              <th scope="col">Line</th>
              <th scope="col">What happens</th>
              <th scope="col">Who</th>
              <th scope="col">Fields</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, shown).map((row) => (
              <tr key={row.line}>
                <td>{row.line}</td>
                <td>{planWords[row.action] ?? row.action}</td>
                <td>{row.target}</td>
                <td>{changesOf(row)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {rows.length > shown && (
        <button type="button" class="quiet" onClick={() => setShown(shown + pageRows)}>
          Show more of {pluralize(rows.length, 'row')}
        </button>
      )}
    </section>
  );
}

/** `end_at: 2031-01-01 → 2031-09-03`, or why a row cannot be sent. */
function changesOf({changes = [], message}: PlanDocument['rows'][number]): string {
  if (message !== undefined) return message;
  return changes
    .map(({column, from, to}) => `${column}: ${from === undefined ? '' : `${textOf(from)} → `}${textOf(to)}`)
    .join('; ');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function Confirm({state: {question}}: {state: ActivityState}) {
  const [typed, setTyped] = useState('');
  const [isWrong, setWrong] = useState(false);
  if (!question) return null;
  const {rows, isRemoval, typed: number} = question;
  const answer = async (isYes: boolean) => {
    const {isTaken} = await ask<{isTaken: boolean}>('POST', '/api/answer', {
      isYes,
      typed,
      id: question.id,
    });
    setWrong(!isTaken);
  };
  return (
    <form
      class="confirm"
      onSubmit={(event) => {
        event.preventDefault();
        void answer(true);
      }}
    >
      {number && (
        <label class="field">
          {number.why}. Type the number of {number.of} ({number.number.toLocaleString('en')}) to go on
          <input inputMode="numeric" value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
        </label>
      )}
      {isWrong && <p role="alert">That is another number.</p>}
      <p class="actions">
        <button type="button" class="quiet" onClick={() => void answer(false)}>
          Send nothing
        </button>
        <button type="submit">
          {isRemoval ? `Remove ${pluralize(rows, 'record')}` : `Send ${pluralize(rows, 'row')}`}
        </button>
      </p>
    </form>
  );
}

function Live({state}: {state: ActivityState}) {
  const {counts, requestsLeft, waiting, isStopping} = state;
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const all = counts ? Object.values(counts).reduce((sum, count) => sum + count, 0) : 0;
  const left = counts ? counts.not_started + counts.in_doubt : all;
  return (
    <>
      <progress value={all - left} max={all || 1} aria-label="Rows that are done" />
      <p role="status">
        {all - left} of {pluralize(all, 'row')} done
        {requestsLeft !== undefined && `, ${pluralize(requestsLeft, 'request')} left this hour`}
      </p>
      {waiting && waiting.until > now && (
        <p>
          Waiting because {waiting.why}: it continues at {clockTime(waiting.until)}, in{' '}
          {Math.ceil((waiting.until - now) / 1000)} s
        </p>
      )}
      <Counts state={state} />
      <p class="actions">
        <button
          type="button"
          class="quiet"
          disabled={isStopping}
          onClick={() => void ask('POST', '/api/stop', {})}
        >
          {isStopping ? 'Stopping: what is on its way may end' : 'Stop'}
        </button>
      </p>
      <p>This page may be closed: the run goes on, and is shown when the page is opened again.</p>
    </>
  );
}
