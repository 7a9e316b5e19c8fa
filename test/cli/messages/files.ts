import {workbook, workbookOf, workbookParts, zip} from '../../helpers/workbook.ts';
import type {Message} from './stage.ts';

const validate = 'validate patronages pairs.csv';
const header = 'user_id,godfather_id';

/** A CSV file that holds this. */
const pairs = (content: string | Buffer): Pick<Message, 'type' | 'given' | 'exit'> => ({
  type: validate,
  given: ({file}) => file('pairs.csv', content),
  exit: 65,
});

const rows = [header.split(','), ['46', '2']];
const parts = workbookParts({Feuil1: {rows}});
const save = ['Save As', '.xlsx'];

/** What is no CSV file by its first bytes, whatever its name is. */
const workbooks: Message[] = [
  {...pairs(Buffer.from('PK\x05\x06')), code: 'not_csv', names: ['pairs.csv', 'zip'], next: ['CSV UTF-8']},
  {...pairs(zip({'a.csv': header})), code: 'not_csv', names: ['pairs.csv', 'zip'], next: ['unpack']},
  {...pairs(zip({'content.xml': ''})), code: 'not_csv', names: ['pairs.csv', '.ods'], next: save},
  {
    ...pairs(zip({'xl/workbook.bin': '', '_rels/.rels': '<x/>'})),
    code: 'not_csv',
    names: ['pairs.csv', '.xlsb'],
    next: save,
  },
  {
    ...pairs(Buffer.from('d0cf11e0a1b11ae1', 'hex')),
    code: 'not_csv',
    names: ['pairs.csv', '.xls'],
    next: save,
  },
  {
    ...pairs(Buffer.concat([Buffer.from('d0cf11e0', 'hex'), Buffer.from('EncryptedPackage', 'utf16le')])),
    code: 'workbook_password',
    names: ['pairs.csv', 'password'],
    next: ['Encrypt with Password'],
  },
  {
    ...pairs(zip(parts).subarray(0, 900)),
    code: 'workbook_damaged',
    names: ['pairs.csv', 'damaged'],
    next: save,
  },
  {
    ...pairs(zip(parts, {'xl/worksheets/sheet1.xml': 600_000_000})),
    code: 'workbook_size',
    names: ['pairs.csv', '512 MB'],
    next: ['CSV UTF-8'],
  },
  {
    ...pairs(workbook({Leer: {rows: []}, Paare: {rows}})),
    code: 'empty_file',
    names: ['pairs.csv', 'Leer'],
    next: ['Paare'],
  },
  {
    ...pairs(workbookOf([...rows, ['64']], {merged: ['A1:B1', 'B2:B3']})),
    code: 'merged_cells',
    names: ['pairs.csv', 'Feuil1', 'B2:B3'],
    next: ['Unmerge'],
  },
  {
    ...pairs(workbookOf([...rows, ['64', {xml: '<c r="#"><f>B2+1</f><v/></c>'}]])),
    code: 'formula_without_result',
    names: ['pairs.csv', 'B3'],
    next: ['Excel', 'save'],
  },
  {
    ...pairs(workbook({Paare: {rows}, Liste: {rows, state: 'hidden'}})),
    type: `${validate} --sheet Pairs`,
    exit: 2,
    code: 'no_sheet',
    names: ['pairs.csv', 'Pairs'],
    next: ['--sheet', 'Paare, Liste (hidden)'],
  },
  {
    ...pairs(`${header}\n46,2\n`),
    type: `${validate} --sheet Paare`,
    exit: 2,
    code: 'no_workbook',
    names: ['pairs.csv', 'Paare'],
    next: ['--sheet', '.xlsx'],
  },
];

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
  ...workbooks,
  {
    ...pairs(`${header}\n46,"2\n`),
    code: 'unterminated_quote',
    names: ['line 2, column 2', '"', '2097152'],
    next: ['"5"" disk"'],
  },
  {
    ...pairs(`Paires 2026,\n\n${header}\n46,2\n`),
    code: 'title_above_header',
    names: ['line 1', 'Paires 2026'],
    next: ['delete', 'above'],
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
    ...pairs('xyz,godfather_id\nlbuckrid,2\n'),
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
