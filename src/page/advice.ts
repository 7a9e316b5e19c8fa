import type {attentionOutcomes} from '../outcome.ts';

export type AttentionOutcome = (typeof attentionOutcomes)[number];

/** What a code means to a person who never saw it, and what that person can do. */
type Advice = readonly [title: string, advice: string];

type AdviceByCode = Readonly<Record<string, Advice>>;

const doubts: AdviceByCode = {
  no_answer: [
    'The program ended before a response came',
    'It was stopped or lost its power between sending and receiving. Resuming reads back what became of the row.',
  ],
  timeout: ['No response in time', 'The API took too long to respond. Resuming reads back what it did.'],
  connection_lost: [
    'The connection broke',
    'It broke after sending, before the response. Resuming reads back what became of the row.',
  ],
  unexpected_body: [
    'The response makes no sense',
    'Something between here and the API may have responded instead of it, such as a login page of the network.',
  ],
  other_record: [
    'The response names another record',
    'What it shows is not what the row asked for. Resuming reads back what became of the row.',
  ],
  existing_record: [
    'The response names a record of before',
    'The API may have given a record that existed instead of a new one. Resuming reads it back.',
  ],
  conflict: [
    'The API reports a conflict',
    'The row may conflict with its own earlier attempt. Resuming finds out.',
  ],
  taken: [
    'The API says it exists',
    'An earlier attempt of the same row may have created it. Resuming finds out.',
  ],
  unproven: [
    'The response does not prove the removal',
    'No document says whose id the request takes. Resuming shows whether the record is gone.',
  ],
  undecided: [
    'Reading back did not settle it',
    'What the API shows fits both cases. Look the record up on the intra and record what you find, as in step 2.',
  ],
  attempts_used_up: [
    'Tried several times without a clear response',
    'It was not applied so far. Resume when the API works again; the row is then tried once more.',
  ],
};

const failures: AdviceByCode = {
  unknown_user: ['The login is unknown', 'Check its spelling, or write the id of the user instead.'],
  exists_different: [
    'It exists with other values',
    'The record is there, but not as the row wants it, and nothing is overwritten. Correct the row or the record; --existing update changes the record, where its job can.',
  ],
  exists: [
    'It exists already',
    'The run was started with --existing fail, which reports such rows. If the record is as it should be, take the row out.',
  ],
  duplicate_row: ['The same target twice', 'One row names it by id and another by login. Keep one of them.'],
  taken: [
    'The API says it exists',
    'Look the record up on the intra. If it is as it should be, take the row out.',
  ],
  rejected: ['The API rejected the values', 'Its message is below. Correct the cells that it names.'],
  forbidden: [
    'The application may not do this',
    'The person who manages the application on the intra can give it the role; bulk42 doctor shows its roles.',
  ],
  not_found: [
    'Not found, or not visible',
    'Check the ids in the row. If they are right, the application may not see the record; bulk42 doctor shows its roles.',
  ],
  conflict: [
    'It conflicts with what is there',
    'Look the record up on the intra, then correct the row or take it out.',
  ],
  ambiguous: [
    'Several records have its key',
    'The message names them. Remove those that should not be there on the intra, or take the row out.',
  ],
  unreadable: [
    'The API does not show the record',
    'What it hides is needed to find the right one. bulk42 doctor shows the roles of the application.',
  ],
  not_removed: [
    'It is still there',
    'The API said that it was removed. Look on the intra whether another record is gone instead.',
  ],
  not_applied: ['Found not applied', 'A person looked it up and recorded so. A retry sends it again.'],
};

const violations: AdviceByCode = {
  required: ['A required cell is empty', 'Fill it in.'],
  invalid_integer: ['Not a whole number', 'Write digits only, without separators.'],
  invalid_boolean: ['Neither yes nor no', 'Write true or false.'],
  invalid_date: ['Not a date', 'Write it as 2026-11-23.'],
  invalid_date_time: ['Not a date and time', 'Write it as 2026-11-23T09:00:00+01:00.'],
  invalid_year: ['Not a year', 'Write four digits, as in 2026.'],
  invalid_month: ['Not a month', 'Write its English name, as in november.'],
  invalid_choice: [
    'Not one of the allowed values',
    'The command bulk42 jobs, followed by the name of the job, lists them.',
  ],
  invalid_email: ['Not an e-mail address', 'Write it as name@example.org.'],
  invalid_text: ['Text with invisible characters', 'Type the cell again instead of pasting it.'],
  invalid_user: ['Neither an id nor a login', 'One user in a cell: an id or a login.'],
  out_of_range: ['Outside of what is allowed', 'The message names the limit.'],
  not_clearable: ['This cell may not be cleared', 'Leave it empty to keep the value, or write another one.'],
  not_after: ['Ends before it begins', 'Swap the two dates, or correct one of them.'],
  same_value: ['The same user twice in one row', 'Name two different ones.'],
  duplicate: ['Two rows with the same target', 'Keep one of the two lines.'],
  too_few_cells: [
    'Cells are missing',
    'The row has fewer cells than the header. A line break or a quote may have cut it.',
  ],
  too_many_cells: [
    'Too many cells',
    'The row has more cells than the header. A text with a comma may lack its quotes.',
  ],
  cell_too_long: ['A cell is far too long', 'A missing quote may have joined many cells to one.'],
};

const fallbacks: Readonly<Record<AttentionOutcome, Advice>> = {
  in_doubt: ['No clear response', 'Resuming reads back what became of the row.'],
  failed: ['The API rejected it', 'Its message, if it gave any, is below.'],
  invalid: ['It breaks a rule', 'The message says which. Correct the row.'],
};

const tables: Readonly<Record<AttentionOutcome, AdviceByCode>> = {
  in_doubt: doubts,
  failed: failures,
  invalid: violations,
};

/** Pure. Every code has its advice, codes of other versions and of the user's own jobs included. */
export function adviseOn(outcome: AttentionOutcome, code: string): Advice {
  const known = Object.hasOwn(tables[outcome], code) ? tables[outcome][code] : undefined;
  return known ?? byFamily(outcome, code) ?? fallbacks[outcome];
}

function byFamily(outcome: AttentionOutcome, code: string): Advice | undefined {
  const status = /^http_(\d{3})$/.exec(code)?.[1];
  if (outcome === 'invalid' && code.startsWith('file_')) {
    return [
      'The file that it names cannot be used',
      'The message says why. Paths are relative to the CSV file.',
    ];
  }
  if (status === undefined) return undefined;
  if (outcome === 'failed') return [`The API rejected the request (${status})`, fallbacks.failed[1]];
  return status.startsWith('5')
    ? [
        `The server failed while it worked (${status})`,
        'It may have applied the row before it failed. Resuming reads it back.',
      ]
    : [`An unclear response (${status})`, fallbacks.in_doubt[1]];
}
