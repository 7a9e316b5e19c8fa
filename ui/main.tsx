import {render} from 'preact';
import {useEffect, useState} from 'preact/hooks';
import {ColumnsStep} from './columns-step.tsx';
import {FileStep} from './file-step.tsx';
import {FixStep} from './fix-step.tsx';
import {Failure} from './parts.tsx';
import {RunStep} from './run-step.tsx';
import {RunsList} from './runs-list.tsx';
import {type ActivityState, ask, type Draft, type FileFacts, type StartFacts} from './server.ts';

type View = 'file' | 'columns' | 'fix' | 'run' | 'runs';

const steps: readonly (readonly [View, string])[] = [
  ['file', 'File'],
  ['columns', 'Columns'],
  ['fix', 'Rows'],
  ['run', 'Plan and run'],
];

const emptyDraft: Draft = {
  job: '',
  map: {},
  set: {},
  delimiter: '',
  encoding: '',
  sheet: '',
  timezone: '',
  dateOrder: '',
  existing: '',
  onInvalid: '',
  sandbox: false,
};

function App({start}: {start: StartFacts}) {
  const [view, setView] = useState<View>('file');
  const [draft, setDraft] = useState<Draft>({
    ...emptyDraft,
    sandbox: start.isRehearsal || !start.hasCredentials,
  });
  const [file, setFile] = useState<FileFacts>();
  /** Column of the job to header of the file. */
  const [reads, setReads] = useState<Readonly<Record<string, string>>>({});
  const [state, setState] = useState<ActivityState>();
  const [error, setError] = useState<Error>();
  useEffect(() => {
    const events = new EventSource('/api/events');
    let isFirst = true;
    events.onmessage = ({data}: MessageEvent<string>) => {
      const now = JSON.parse(data) as ActivityState;
      setState(now);
      // A page that is opened while a run goes on shows it.
      if (isFirst && now.phase !== 'none' && now.phase !== 'ended') setView('run');
      isFirst = false;
    };
    return () => events.close();
  }, []);

  const change = (more: Partial<Draft>) => setDraft((before) => ({...before, ...more}));
  const job = start.jobs.find((each) => each.job === draft.job);
  const begin = async (path: string, body: unknown) => {
    setError(undefined);
    setView('run');
    try {
      await ask('POST', path, body);
    } catch (cause) {
      setError(cause as Error);
    }
  };
  const again = (kind: 'resume' | 'retry' | 'undo', run: string, sandbox: boolean) =>
    void begin('/api/again', {kind, run, sandbox});
  const isRehearsal = view === 'run' ? (state?.isRehearsal ?? draft.sandbox) : draft.sandbox;
  const at = steps.findIndex(([name]) => name === view);
  return (
    <>
      <header class="top">
        <p class="brand">
          bulk42 {isRehearsal ? <strong>rehearsal</strong> : <span>{new URL(start.baseUrl).host}</span>}
        </p>
        <nav aria-label="Steps">
          <ol>
            {steps.map(([name, title], index) => (
              <li
                key={name}
                aria-current={name === view ? 'step' : undefined}
                class={index < at ? 'done' : ''}
              >
                {title}
              </li>
            ))}
          </ol>
        </nav>
        <button type="button" class="quiet" onClick={() => setView(view === 'runs' ? 'file' : 'runs')}>
          {view === 'runs' ? 'New run' : 'All runs'}
        </button>
      </header>
      <main class="page">
        <Failure error={error} />
        {view === 'file' && (
          <FileStep
            start={start}
            job={draft.job}
            file={file}
            sandbox={draft.sandbox}
            onJob={(name) => change({job: name, map: {}, set: {}})}
            onFile={(given) => {
              setFile(given);
              change({map: {}, set: {}, onInvalid: ''});
            }}
            onSandbox={(sandbox) => change({sandbox})}
            onNext={() => setView('columns')}
          />
        )}
        {view === 'columns' && file && job && (
          <ColumnsStep
            job={job}
            file={file}
            draft={draft}
            onDraft={change}
            onBack={() => setView('file')}
            onNext={(found) => {
              setReads(found);
              setView('fix');
            }}
          />
        )}
        {view === 'fix' && file && (
          <FixStep
            file={file}
            draft={draft}
            reads={reads}
            onFile={(copy) => {
              setFile(copy);
              // The copy is written as UTF-8, in one sheet.
              change({encoding: '', delimiter: '', sheet: ''});
            }}
            onDraft={change}
            onBack={() => setView('columns')}
            onNext={() => void begin('/api/run', {draft, file: file.id})}
          />
        )}
        {view === 'run' && state && <RunStep state={state} onAgain={again} onNew={() => setView('file')} />}
        {view === 'runs' && <RunsList onAgain={again} />}
      </main>
    </>
  );
}

/** The token stands in the fragment, which no server sees; it is exchanged for a cookie, and leaves the address. */
async function openSession(): Promise<void> {
  const token = location.hash.slice(1);
  if (token !== '') await ask('POST', '/api/session', token);
  history.replaceState(undefined, '', '/');
}

const root = document.querySelector('#app');
if (root) {
  openSession()
    .then(() => ask<StartFacts>('GET', '/api/start'))
    .then(
      (start) => render(<App start={start} />, root),
      (error: Error) =>
        render(
          <main class="page">
            <Failure error={error} />
          </main>,
          root,
        ),
    );
}
