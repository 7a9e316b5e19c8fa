import {useEffect, useState} from 'preact/hooks';
import {Command, Failure, Scroll, StepTitle} from './parts.tsx';
import {ask, type Draft, type FileFacts, type FileView, type JobFacts} from './server.ts';

interface Props {
  job: JobFacts;
  file: FileFacts;
  draft: Draft;
  onDraft: (change: Partial<Draft>) => void;
  onBack: () => void;
  /** Column of the job to header of the file. */
  onNext: (reads: Readonly<Record<string, string>>) => void;
}

type View = FileView & {command: string};

/** Step 2: which column of the file is which column of the job. */
export function ColumnsStep({job, file, draft, onDraft, onBack, onNext}: Props) {
  const [view, setView] = useState<View>();
  const [error, setError] = useState<Error>();
  useEffect(() => {
    let isOld = false;
    ask<View>('POST', '/api/columns', {draft, file: file.id}).then(
      (found) => {
        if (isOld) return;
        setError(undefined);
        setView(found);
        const more = Object.entries(found.proposed).filter(([column]) => !(column in draft.map));
        if (more.length > 0) onDraft({map: {...draft.map, ...Object.fromEntries(more)}});
      },
      (cause: Error) => {
        if (!isOld) setError(cause);
      },
    );
    return () => {
      isOld = true;
    };
  }, [file.id, draft]);

  const read = new Map((view?.columns ?? []).flatMap((each) => (each.column ? [[each.column, each]] : [])));
  const numbered = [...read.keys()].filter((name) => /\.\d+\./.test(name));
  const names = [
    ...job.columns.map(({column}) => column).filter((name) => !name.includes('.N.')),
    ...numbered,
  ];
  const isShown = (name: string) =>
    read.has(name) ||
    name in draft.set ||
    name in draft.map ||
    job.columns.some((each) => each.column === name && each.required);
  const unread = (view?.columns ?? []).filter((each) => each.column === undefined);
  const choose = (name: string, header: string) => {
    const {[name]: _old, ...map} = draft.map;
    onDraft({map: header === '' ? map : {...map, [name]: header}});
  };
  const constant = (name: string, value: string) => {
    const {[name]: _old, ...set} = draft.set;
    onDraft({set: value === '' ? set : {...set, [name]: value}});
  };
  const row = (name: string) => {
    const about = job.columns.find(({column}) => column === name.replace(/\.\d+\./, '.N.'));
    const from = read.get(name);
    const isMissing = view?.missing.includes(name) ?? false;
    return (
      <tr key={name} class={isMissing ? 'missing' : ''}>
        <th scope="row">
          <code>{name}</code>
          {about?.required && <span class="required"> required</span>}
          <span class="about">{about?.about}</span>
        </th>
        <td>
          <select
            aria-label={`Column of the file for ${name}`}
            value={from?.header ?? ''}
            onChange={(event) => choose(name, event.currentTarget.value)}
          >
            <option value="">{isMissing ? 'Choose a column' : 'Not in the file'}</option>
            {view?.columns.map(({header}) => (
              <option key={header} value={header}>
                {header}
              </option>
            ))}
          </select>
        </td>
        <td class="values">
          {from ? (
            from.values.join(' · ') || 'empty'
          ) : (
            <input
              aria-label={`One value for all rows for ${name}`}
              placeholder={about ? `for all rows, such as ${about.example}` : ''}
              value={draft.set[name] ?? ''}
              onChange={(event) => constant(name, event.currentTarget.value)}
            />
          )}
        </td>
      </tr>
    );
  };
  return (
    <>
      <StepTitle>Which column is which?</StepTitle>
      <Failure error={error} />
      {view && (
        <>
          <p>
            {file.name}: the header is line {view.headerLine}, the delimiter{' '}
            <code>{view.delimiter === '\t' ? 'tab' : view.delimiter}</code>.
          </p>
          {view.problems.map(({column, message, hint}) => (
            <p class="effect" key={column + message}>
              <strong>{column}</strong>: {message}. {hint}
            </p>
          ))}
          <Scroll label="Columns of the job">
            <table class="mapping">
              <thead>
                <tr>
                  <th scope="col">Column of the job</th>
                  <th scope="col">Read from</th>
                  <th scope="col">Values</th>
                </tr>
              </thead>
              <tbody>{names.filter(isShown).map(row)}</tbody>
            </table>
          </Scroll>
          {names.some((name) => !isShown(name)) && (
            <details>
              <summary>Further columns that the job knows</summary>
              <Scroll label="Further columns">
                <table class="mapping">
                  <tbody>{names.filter((name) => !isShown(name)).map(row)}</tbody>
                </table>
              </Scroll>
            </details>
          )}
          {unread.length > 0 && <p>Not read: {unread.map(({header}) => header).join(', ')}.</p>}
        </>
      )}
      <details>
        <summary>How the file is read</summary>
        <div class="reading">
          <label class="field">
            Delimiter
            <select
              value={draft.delimiter}
              onChange={(event) => onDraft({delimiter: event.currentTarget.value})}
            >
              <option value="">as detected</option>
              <option value=",">comma</option>
              <option value=";">semicolon</option>
              <option value="tab">tab</option>
              <option value="|">pipe</option>
            </select>
          </label>
          <label class="field">
            Encoding
            <select
              value={draft.encoding}
              onChange={(event) => onDraft({encoding: event.currentTarget.value})}
            >
              <option value="">as detected</option>
              <option>utf-8</option>
              <option>windows-1252</option>
              <option>utf-16</option>
            </select>
          </label>
          <label class="field">
            Order of dates such as 03/04/2031
            <select
              value={draft.dateOrder}
              onChange={(event) => onDraft({dateOrder: event.currentTarget.value})}
            >
              <option value="">as the file proves it</option>
              <option value="dmy">day first</option>
              <option value="mdy">month first</option>
            </select>
          </label>
          <label class="field">
            Time zone of times without one
            <input
              value={draft.timezone}
              placeholder="UTC"
              onChange={(event) => onDraft({timezone: event.currentTarget.value.trim()})}
            />
          </label>
        </div>
      </details>
      {view && <Command text={view.command} />}
      <p class="actions">
        <button type="button" class="quiet" onClick={onBack}>
          Back
        </button>
        <button
          type="button"
          disabled={!view || error !== undefined || view.missing.length + view.problems.length > 0}
          onClick={() => onNext(Object.fromEntries([...read].map(([name, {header}]) => [name, header])))}
        >
          Check the rows
        </button>
      </p>
    </>
  );
}
