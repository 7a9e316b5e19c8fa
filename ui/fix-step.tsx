import {useEffect, useMemo, useState} from 'preact/hooks';
import {Grid, type GridRow} from './grid.tsx';
import {pluralize} from '../src/pluralize.ts';
import {Command, Failure, StepTitle} from './parts.tsx';
import {ask, type CheckFacts, type Draft, type FileFacts, type RowProblem} from './server.ts';

interface Props {
  file: FileFacts;
  draft: Draft;
  /** Column of the job to header of the file. */
  reads: Readonly<Record<string, string>>;
  onFile: (file: FileFacts) => void;
  onDraft: (change: Partial<Draft>) => void;
  onBack: () => void;
  onNext: () => void;
}

interface RowsFacts {
  header: string[];
  /** Line, then cells. */
  rows: [number, ...string[]][];
}

/** Step 3: what is wrong with the rows, and its correction in a copy of the file. */
export function FixStep({file, draft, reads, onFile, onDraft, onBack, onNext}: Props) {
  const [check, setCheck] = useState<CheckFacts>();
  const [given, setGiven] = useState<RowsFacts>();
  const [edits, setEdits] = useState<ReadonlyMap<string, string>>(new Map());
  const [error, setError] = useState<Error>();
  const [shown, setShown] = useState<number>();
  // What is done with wrong rows is decided later, and changes none of them.
  const reading = JSON.stringify({...draft, onInvalid: ''});
  useEffect(() => {
    let isStale = false;
    const body = {draft, file: file.id};
    setCheck(undefined);
    setError(undefined);
    setEdits(new Map());
    Promise.all([
      ask<CheckFacts>('POST', '/api/check', body),
      ask<RowsFacts>('POST', '/api/rows', body),
    ]).then(
      ([checked, rows]) => {
        if (isStale) return;
        setCheck(checked);
        setGiven(rows);
      },
      (cause: Error) => {
        if (!isStale) setError(cause);
      },
    );
    return () => {
      isStale = true;
    };
  }, [file.id, reading]);

  const header = given?.header ?? [];
  const problems = check?.problems ?? [];
  const byCell = useMemo(() => placesOf(problems, header, reads), [check, given]);
  const rows: GridRow[] = useMemo(() => {
    const all = (given?.rows ?? []).map(([line, ...cells]) => ({
      line,
      cells: cells.map((cell, at) => edits.get(`${line}:${at}`) ?? cell),
    }));
    const wrong = new Set(problems.map(({line}) => line));
    return [...all.filter(({line}) => wrong.has(line)), ...all.filter(({line}) => !wrong.has(line))];
  }, [check, given, edits]);
  const edit = (line: number, at: number, value: string) =>
    setEdits((before) => new Map(before).set(`${line}:${at}`, value));
  const replaceAll = (at: number, from: string, to: string) =>
    setEdits((before) => {
      const after = new Map(before);
      for (const {line, cells} of rows) if (cells[at] === from) after.set(`${line}:${at}`, to);
      return after;
    });
  const save = async () => {
    const list = [...edits].map(([place, value]) => {
      const [line, at] = place.split(':').map(Number);
      return {line, at, value};
    });
    try {
      onFile(await ask<FileFacts>('POST', '/api/correct', {draft, file: file.id, edits: list}));
    } catch (cause) {
      setError(cause as Error);
    }
  };
  const isClean = check?.problemCount === 0;
  return (
    <>
      <StepTitle>{isClean ? 'Every row fits' : 'What has to be corrected?'}</StepTitle>
      <Failure error={error} />
      {!check && error === undefined && <p role="status">Checking the rows…</p>}
      {check && (
        <>
          <p role="status">
            {pluralize(check.rows, 'row')} in {file.name}
            {isClean
              ? '.'
              : `, ${pluralize(check.invalid, 'row')} with ${pluralize(check.problemCount, 'problem')}.`}
          </p>
          {check.warnings.map((text) => (
            <p key={text}>{text}</p>
          ))}
          <Groups
            problems={problems}
            header={header}
            reads={reads}
            onShow={setShown}
            onReplace={replaceAll}
          />
        </>
      )}
      {rows.length > 0 && (
        <Grid
          header={header}
          rows={rows}
          shown={shown}
          onEdit={edit}
          problemOf={(line, at) => byCell.get(`${line}:${at}`)}
        />
      )}
      {check && <Command text={check.command} />}
      {!isClean && check && (
        <label class="check">
          <input
            type="checkbox"
            checked={draft.onInvalid === 'skip'}
            onChange={(event) => onDraft({onInvalid: event.currentTarget.checked ? 'skip' : ''})}
          />
          Go on without the rows that are wrong; they are kept in a file to be corrected later
        </label>
      )}
      <p class="actions">
        <button type="button" class="quiet" onClick={onBack}>
          Back
        </button>
        {edits.size > 0 && (
          <button type="button" onClick={() => void save()}>
            Save {pluralize(edits.size, 'correction')} in a copy and check again
          </button>
        )}
        <button
          type="button"
          disabled={!check || edits.size > 0 || (!isClean && draft.onInvalid !== 'skip')}
          onClick={onNext}
        >
          Plan
        </button>
      </p>
    </>
  );
}

interface GroupsProps {
  problems: readonly RowProblem[];
  header: readonly string[];
  reads: Props['reads'];
  onShow: (line: number) => void;
  onReplace: (at: number, from: string, to: string) => void;
}

/** Problems of one kind in one column together. */
function Groups({problems, header, reads, onShow, onReplace}: GroupsProps) {
  const groups = new Map<string, RowProblem[]>();
  for (const problem of problems) {
    const kind = JSON.stringify([problem.column, problem.code]);
    groups.set(kind, [...(groups.get(kind) ?? []), problem]);
  }
  return (
    <ul class="problems">
      {[...groups].map(([kind, [first, ...more]]) => {
        if (!first) return null;
        const at = header.indexOf(reads[first.column] ?? '');
        return (
          <li key={kind}>
            <p>
              <strong>{first.column || 'the row'}</strong>: {first.message},{' '}
              {pluralize(more.length + 1, 'row')}. {first.hint}
            </p>
            <p class="lines">
              {[first, ...more].slice(0, 12).map(({line}) => (
                <button type="button" class="link" key={line} onClick={() => onShow(line)}>
                  line {line}
                </button>
              ))}
              {more.length > 11 && <span> and {more.length - 11} more</span>}
            </p>
            {at >= 0 && first.value !== '' && (
              <Replace value={first.value} onReplace={(to) => onReplace(at, first.value, to)} />
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** The same value in a whole column, replaced at once. */
function Replace({value, onReplace}: {value: string; onReplace: (to: string) => void}) {
  const [to, setTo] = useState('');
  return (
    <p class="replace">
      <label>
        Replace <code>{value}</code> in the whole column by{' '}
        <input value={to} onInput={(event) => setTo(event.currentTarget.value)} />
      </label>
      <button type="button" class="quiet" onClick={() => onReplace(to)}>
        Replace
      </button>
    </p>
  );
}

function placesOf(
  problems: readonly RowProblem[],
  header: readonly string[],
  reads: Props['reads'],
): ReadonlyMap<string, string> {
  const places = new Map<string, string>();
  for (const {line, column, message, hint} of problems) {
    const text = `${message}. ${hint}`;
    places.set(`${line}:-1`, text);
    places.set(`${line}:${header.indexOf(reads[column] ?? '')}`, text);
  }
  return places;
}
