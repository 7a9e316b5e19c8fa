import {useEffect, useRef, useState} from 'preact/hooks';

const rowPx = 34;
const spareRows = 8;

export interface GridRow {
  line: number;
  cells: readonly string[];
}

interface Props {
  header: readonly string[];
  rows: readonly GridRow[];
  /** What is wrong with a cell, or with a row where `at` is -1. */
  problemOf: (line: number, at: number) => string | undefined;
  onEdit: (line: number, at: number, value: string) => void;
  /** The line that is to be seen. */
  shown: number | undefined;
}

/** The rows of a file, of which only those that can be seen are in the page. */
export function Grid({header, rows, problemOf, onEdit, shown}: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useEffect(() => {
    const at = rows.findIndex(({line}) => line === shown);
    if (at >= 0) box.current?.scrollTo({top: Math.max(0, at - 2) * rowPx});
  }, [shown]);
  const height = box.current?.clientHeight ?? 400;
  const first = Math.max(0, Math.floor(top / rowPx) - spareRows);
  const seen = rows.slice(first, first + Math.ceil(height / rowPx) + 2 * spareRows);
  return (
    <div
      class="grid"
      ref={box}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      tabIndex={0}
      role="group"
      aria-label="Rows of the file"
    >
      <table aria-rowcount={rows.length + 1} style={{height: `${(rows.length + 1) * rowPx}px`}}>
        <thead>
          <tr>
            <th scope="col">Line</th>
            {header.map((name, at) => (
              <th scope="col" key={at}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {first > 0 && <tr style={{height: `${first * rowPx}px`}} aria-hidden="true" />}
          {seen.map(({line, cells}, index) => (
            <tr key={line} aria-rowindex={first + index + 2} class={problemOf(line, -1) ? 'wrong' : ''}>
              <th scope="row">{line}</th>
              {header.map((name, at) => {
                const problem = problemOf(line, at);
                return (
                  <td key={at} class={problem ? 'wrong' : ''} title={problem ?? ''}>
                    <input
                      aria-label={`${name}, line ${line}`}
                      aria-invalid={problem !== undefined}
                      value={cells[at] ?? ''}
                      onChange={(event) => onEdit(line, at, event.currentTarget.value)}
                    />
                  </td>
                );
              })}
            </tr>
          ))}
          <tr aria-hidden="true" />
        </tbody>
      </table>
    </div>
  );
}
