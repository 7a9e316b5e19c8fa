import {useState} from 'preact/hooks';
import {Failure, StepTitle} from './parts.tsx';
import {ask, type FileFacts, type StartFacts} from './server.ts';

interface Props {
  start: StartFacts;
  job: string;
  file: FileFacts | undefined;
  sandbox: boolean;
  onJob: (job: string) => void;
  onFile: (file: FileFacts) => void;
  onSandbox: (isOn: boolean) => void;
  onNext: () => void;
}

/** Step 1: what is to be done, and with which file. */
export function FileStep({start, job, file, sandbox, onJob, onFile, onSandbox, onNext}: Props) {
  const [search, setSearch] = useState('');
  const [error, setError] = useState<Error>();
  const [isOver, setOver] = useState(false);
  const words = search.toLowerCase().split(/\s+/);
  const found = start.jobs.filter(({job: name, summary}) =>
    words.every((word) => `${name} ${summary}`.toLowerCase().includes(word)),
  );
  const chosen = start.jobs.find((each) => each.job === job);
  const give = async (given: File | undefined) => {
    if (!given) return;
    setError(undefined);
    try {
      onFile(await ask<FileFacts>('POST', `/api/files?name=${encodeURIComponent(given.name)}`, given));
    } catch (cause) {
      setError(cause as Error);
    }
  };
  return (
    <>
      <StepTitle>What is to be done?</StepTitle>
      <label class="field">
        Search the jobs
        <input type="search" value={search} onInput={(event) => setSearch(event.currentTarget.value)} />
      </label>
      <fieldset class="jobs">
        <legend class="hidden">Job</legend>
        {found.map(({job: name, summary}) => (
          <label class="choice" key={name}>
            <input type="radio" name="job" value={name} checked={name === job} onChange={() => onJob(name)} />
            <span>
              <strong>{name}</strong> {summary}
            </span>
          </label>
        ))}
        {found.length === 0 && <p>No job has all of these words.</p>}
      </fieldset>
      {chosen && (
        <div class="about-job">
          <p>The application needs the role {chosen.roles.join(' or ')}.</p>
          {chosen.effects.map((effect) => (
            <p class="effect" key={effect}>
              <strong>Note:</strong> {effect}
            </p>
          ))}
        </div>
      )}
      <h2>The file</h2>
      <label
        class={isOver ? 'drop over' : 'drop'}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          void give(event.dataTransfer?.files[0]);
        }}
      >
        <input
          type="file"
          accept=".csv,.tsv,.txt,.xlsx"
          onChange={(event) => void give(event.currentTarget.files?.[0])}
        />
        <span>{file ? file.name : 'Drop a CSV file here, or choose one'}</span>
      </label>
      {start.recent.length > 0 && (
        <details class="recent">
          <summary>Earlier files</summary>
          <ul>
            {start.recent.map((each) => (
              <li key={each.id}>
                <button type="button" class="link" onClick={() => onFile(each)}>
                  {each.name}
                </button>{' '}
                {new Date(each.at ?? 0).toLocaleString('en-GB', {dateStyle: 'medium', timeStyle: 'short'})}
              </li>
            ))}
          </ul>
        </details>
      )}
      <label class="check">
        <input
          type="checkbox"
          checked={sandbox}
          disabled={start.isRehearsal}
          onChange={(event) => onSandbox(event.currentTarget.checked)}
        />
        Rehearse: nothing reaches {new URL(start.baseUrl).host}
      </label>
      {!start.hasCredentials && !sandbox && (
        <p class="effect">
          There are no credentials for {new URL(start.baseUrl).host}, so that only a rehearsal is possible.
          docs/configuration.md says where they belong.
        </p>
      )}
      <Failure error={error} />
      <p class="actions">
        <button type="button" disabled={job === '' || !file} onClick={onNext}>
          Continue
        </button>
      </p>
    </>
  );
}
