import type {Message} from './messages-stage.ts';

const valid = 'validate patronages pairs.csv';
const header = 'user_id,godfather_id';

/** What is said about files that cannot be read as what they should be. */
export const fileMessages: Message[] = [
  {
    type: 'validate patronages missing.csv',
    exit: 66,
    says: 'cannot read missing.csv: there is no such file',
    hint: 'check the path, and whether you may read it',
  },
  {
    type: 'validate patronages state',
    given: ({file}) => file('state/x', ''),
    exit: 66,
    says: 'state is a folder, not a file',
    hint: 'name a CSV file, or - for standard input',
  },
  {
    type: valid,
    given: ({file}) => file('pairs.csv', ''),
    exit: 65,
    says: 'pairs.csv: the file is empty',
    hint: 'the first line must name the columns; `bulk42 template <job>` prints one',
  },
  {
    type: 'validate patronages -',
    exit: 65,
    says: 'standard input: the file is empty',
    hint: 'the first line must name the columns; `bulk42 template <job>` prints one',
  },
  {
    type: valid,
    given: ({file}) => file('pairs.csv', Buffer.from('PK\x03\x04…[Content_Types].xml', 'latin1')),
    exit: 65,
    says: 'pairs.csv is an Excel workbook, not a CSV file',
    hint: 'open it in Excel or LibreOffice, choose File > Save As > CSV UTF-8, and give that file',
  },
  {
    type: valid,
    given: ({file}) => file('pairs.csv', `${header}\n46,"2\n`),
    exit: 65,
    says: 'line 2, column 2: the quote (") that starts this cell is not closed, at least not within 2097152 characters',
    hint: 'close it, or remove it; a quote that belongs to the text is written twice inside quotes: "5"" disk"',
  },
  {
    type: valid,
    given: ({file}) => file('pairs.csv', `${header},${'x'.repeat(300)}\n`),
    exit: 65,
    says: 'line 1, column 3: this header name is longer than 256 bytes',
    hint: 'the first line of the file must name the columns; is it missing?',
  },
  {
    type: valid,
    given: ({file}) => file('pairs.csv', `${header}${',x'.repeat(600)}\n`),
    exit: 65,
    says: 'line 1, column 501: there are more than 500 columns',
    hint: 'delete the columns that the job does not need, and check --delimiter',
  },
  {
    type: valid,
    given: ({file}) => file('pairs.csv', `${header}\n${'4'.repeat(70_000)},2\n`),
    exit: 65,
    says: 'line 2, column 1: this cell has more than 65536 characters',
    hint: 'shorten it; if it is not that long, a closing quote (") is missing',
  },
  {
    type: 'run patronages pairs.csv --yes',
    given: ({file}) => file('pairs.csv', 'user,godfather_id\n46,2\n'),
    exit: 65,
    says: 'the header does not fit the job; nothing was sent',
    hint: 'bulk42 jobs patronages lists the columns',
  },
  {
    type: 'plan patronages pairs.csv',
    given: ({file}) => file('pairs.csv', `${header}\n46,46\n46,2\n`),
    exit: 65,
    says: '1 of 2 rows are invalid; nothing was sent',
    hint: 'mend the rows, or send the valid ones with --on-invalid skip',
  },
  {
    type: 'template ./mine.ts',
    exit: 66,
    says: 'cannot read the job file <folder>/mine.ts',
    hint: 'check the path',
  },
  {
    type: 'template ./mine.js',
    given: ({file}) => file('mine.js', 'throw new Error("not today")'),
    exit: 78,
    says: 'the job file <folder>/mine.js does not load: not today',
    hint: 'docs/write-a-job.md shows a whole job',
  },
  {
    type: 'template ./mine.js',
    given: ({file}) => file('mine.js', 'export default 1'),
    exit: 78,
    says: 'the job mine is not sound: the file has no default export made by defineJob({…})',
    hint: 'docs/write-a-job.md explains each part',
  },
  {
    type: 'run --plan plan.json',
    exit: 66,
    says: 'cannot read the plan plan.json',
    hint: 'check the path',
  },
  {
    type: 'run --plan pairs.csv',
    exit: 65,
    says: 'pairs.csv is no saved plan of this version',
    hint: 'make one: bulk42 plan <job> <file> --save plan.json',
  },
  {
    type: 'plan patronages pairs.csv --save none/plan.json',
    exit: 74,
    says: 'cannot write none/plan.json (ENOENT)',
    hint: 'check the folder, its rights, and the space on the disk',
  },
  {type: 'sandbox --faults none.json', exit: 66, says: 'cannot read none.json', hint: 'check the path'},
  ...(
    [
      ['{', 'The faults are not valid JSON.'],
      ['{}', 'The faults must be a JSON array.'],
      ['[{"answer": "500", "efect": "none"}]', 'Fault 1: unknown field efect.'],
    ] as const
  ).map(([faults, says]): Message => ({
    type: 'sandbox --faults faults.json',
    given: ({file}) => file('faults.json', faults),
    exit: 65,
    says,
    hint: 'as in: [{"on": {"method": "POST", "path": "patronages"}, "times": 1, "effect": "before", "answer": "504"}]',
  })),
  {
    type: 'sandbox --port 99999',
    exit: 78,
    says: 'the sandbox cannot listen on port 99999',
    hint: 'choose another one with --port, or leave it out for any free one',
  },
];
