import type {Message} from './stage.ts';

const validate = 'validate patronages pairs.csv';
const header = 'user_id,godfather_id';

/** A CSV file that holds this. */
const pairs = (content: string | Buffer): Pick<Message, 'type' | 'given' | 'exit'> => ({
  type: validate,
  given: ({file}) => file('pairs.csv', content),
  exit: 65,
});

/** Files that cannot be read as what they should be. */
export const files: Message[] = [
  {type: 'validate patronages missing.csv', exit: 66, names: ['missing.csv'], next: []},
  {
    type: 'validate patronages state',
    given: ({file}) => file('state/x', ''),
    exit: 66,
    names: ['state', 'folder'],
    next: ['CSV file', '-'],
  },
  {...pairs(''), code: 'empty_file', names: ['pairs.csv'], next: ['bulk42 template <job>']},
  {
    type: 'validate patronages -',
    exit: 65,
    code: 'empty_file',
    names: ['standard input'],
    next: ['bulk42 template <job>'],
  },
  {
    ...pairs(Buffer.from('PK\x03\x04…[Content_Types].xml', 'latin1')),
    code: 'not_csv',
    names: ['pairs.csv', 'Excel'],
    next: ['Excel', 'LibreOffice', 'CSV UTF-8'],
  },
  {
    ...pairs(`${header}\n46,"2\n`),
    code: 'unterminated_quote',
    names: ['line 2, column 2', '"', '2097152'],
    next: ['"5"" disk"'],
  },
  {
    ...pairs(`${header},${'x'.repeat(300)}\n`),
    code: 'name_too_long',
    names: ['line 1, column 3', '256'],
    next: ['first line'],
  },
  {
    ...pairs(`${header}${',x'.repeat(600)}\n`),
    code: 'too_many_columns',
    names: ['line 1, column 501', '500'],
    next: ['--delimiter'],
  },
  {
    ...pairs(`${header}\n${'4'.repeat(70_000)},2\n`),
    code: 'cell_too_long',
    names: ['line 2, column 1', '65536'],
    next: ['"'],
  },
  {
    ...pairs('xyz,godfather_id\n46,2\n'),
    type: 'run patronages pairs.csv --yes',
    code: 'header',
    names: ['header'],
    next: ['bulk42 --json run patronages pairs.csv --yes --map user_id=xyz'],
  },
  {
    ...pairs(`${header}\n46,46\n46,2\n64,64\n`),
    type: 'plan patronages pairs.csv',
    code: 'invalid_rows',
    names: ['2', '3'],
    next: ['--on-invalid skip'],
  },
  {type: 'template ./mine.ts', exit: 66, names: ['<folder>/mine.ts'], next: []},
  {
    type: 'template ./mine.js',
    given: ({file}) => file('mine.js', 'throw new Error("not today")'),
    exit: 78,
    code: 'job_file',
    names: ['<folder>/mine.js', 'not today'],
    next: ['docs/write-a-job.md'],
  },
  {
    type: 'template ./mine.js',
    given: ({file}) => file('mine.js', 'export default 1'),
    exit: 78,
    code: 'job_definition',
    names: ['mine', 'defineJob({…})'],
    next: ['docs/write-a-job.md'],
  },
  {type: 'run --plan plan.json', exit: 66, names: ['plan.json'], next: []},
  {
    type: 'run --plan pairs.csv',
    exit: 65,
    code: 'plan_file',
    names: ['pairs.csv'],
    next: ['bulk42 plan <job> <file> --save plan.json'],
  },
  {
    type: 'plan patronages pairs.csv --save none/plan.json',
    exit: 74,
    names: ['none/plan.json', 'ENOENT'],
    next: [],
  },
  {type: 'sandbox --faults none.json', exit: 66, names: ['none.json'], next: []},
  ...[
    {faults: '{', names: ['JSON']},
    {faults: '{}', names: ['JSON', 'array']},
    {faults: '[{"answer": "500", "efect": "none"}]', names: ['1', 'efect']},
  ].map(({faults, names}): Message => ({
    type: 'sandbox --faults faults.json',
    given: ({file}) => file('faults.json', faults),
    exit: 65,
    names,
    next: ['"method": "POST"', '"effect": "before"'],
  })),
  {type: 'sandbox --port 99999', exit: 78, code: 'port', names: ['99999'], next: ['--port']},
];
