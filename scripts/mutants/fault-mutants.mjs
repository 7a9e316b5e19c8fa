/** Bugs in how files of spreadsheets are read, and in small messages. */
export const faultMutants = [
  {
    bug: 'a surplus cell at the end of a row is dropped before it is counted',
    edits: [
      {
        file: 'src/csv/row-fitter.ts',
        from: '    const isEven = cells.length === this.#header.cells.length;',
        to: '    const isEven = filledLength(cells) <= this.#width && cells.length >= this.#width;',
      },
    ],
    tests: ['test/csv/row-fitter.test.ts', 'test/csv/pollution.test.ts'],
  },
  {
    bug: 'names that are cut at their commas in all rows are read shifted',
    edits: [{file: 'src/csv/row-fitter.ts', from: '!(isCut && cells.some(isIndented))', to: 'true'}],
    tests: ['test/csv/row-fitter.test.ts'],
  },
  {
    bug: 'a second header is read as a row',
    edits: [{file: 'src/csv/row-fitter.ts', from: '    this.#refuseSecondHeader(record);\n', to: ''}],
    tests: ['test/csv/row-fitter.test.ts', 'test/csv/pollution.test.ts'],
  },
  {
    bug: 'letters of a Mac or of DOS are read as windows-1252',
    edits: [{file: 'src/csv/decode-text.ts', from: 'guess?.find(text)', to: 'undefined'}],
    tests: ['test/csv/decode-text.test.ts', 'test/csv/refusals.test.ts'],
  },
  {
    bug: 'two encodings in one file are read as the first',
    edits: [
      {file: 'src/csv/decode-text.ts', from: '      if (other !== -1) {', to: '      if (other < -1) {'},
    ],
    tests: ['test/csv/decode-text.test.ts', 'test/csv/pollution.test.ts'],
  },
  {
    bug: 'a text that an earlier conversion damaged is sent',
    edits: [
      {
        file: 'src/job/columns/refused-cell.ts',
        from: 'if (mayBeDamaged.test(cell) && misread.test(cell)) return damaged;',
        to: '',
      },
    ],
    tests: ['test/job/columns/refused-cell.test.ts'],
  },
  {
    bug: 'a line of a retry log that stands twice is believed',
    edits: [
      {
        file: 'src/app/open/refuse-other-rows.ts',
        from: 'if (left > 0 && earlier.length >= left) throw',
        to: 'if (left < 0) throw',
      },
    ],
    tests: ['test/cli/retry-lines.test.ts'],
  },
  {
    bug: 'a retry joins the password of one row to the key of another',
    edits: [
      {
        file: 'src/app/open/refuse-other-rows.ts',
        from: 'if (!others.includes(origin))',
        to: 'if (others.length === 0)',
      },
    ],
    tests: ['test/cli/retry-lines.test.ts'],
  },
  {
    bug: 'an option that is given twice is a list',
    edits: [{file: 'src/cli/option-kinds.ts', from: '[given].flat().at(-1)', to: 'given'}],
    tests: ['test/cli/options.test.ts'],
  },
  {
    bug: 'a name of .env behind an invisible character is left out',
    edits: [{file: 'src/env-file.ts', from: 'if (misread !== undefined) {', to: 'if (misread === "") {'}],
    tests: ['test/cli/messages/messages.test.ts'],
  },
  {
    bug: 'a run whose process is gone is shown as running',
    edits: [
      {
        file: 'src/runs/list-runs.ts',
        from: "replayed.state === 'running' && !isHeld",
        to: "replayed.state === 'running' && isHeld === undefined",
      },
    ],
    tests: ['test/runs/list-runs.test.ts'],
  },
  {
    bug: 'old runs are removed with rows in doubt',
    edits: [
      {
        file: 'src/app/remove-run.ts',
        from: "state === 'finished' && counts.in_doubt === 0",
        to: "state === 'finished'",
      },
      {file: 'src/app/remove-run.ts', from: 'evenInDoubt: false', to: 'evenInDoubt: true'},
    ],
    tests: ['test/cli/remove-runs.test.ts'],
  },
  {
    bug: 'a sentence has the wrong article before the name of a column',
    edits: [
      {
        file: 'src/job/rules.ts',
        from: 'hint: `write a later ${column},',
        to: 'hint: `write a ${column} that is later,',
      },
    ],
    tests: ['test/cli/messages/rows.test.ts'],
  },
];
