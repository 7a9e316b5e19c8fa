import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import type {Entry} from '../../src/journal/entry.ts';
import {RowStates} from '../../src/journal/row-states.ts';
import {noCounts, type Outcome} from '../../src/outcome.ts';

const rows = 12;
const lines = Array.from({length: rows}, (_, n) => n + 2);

function statesAfter(...entries: Entry[]): RowStates {
  const states = new RowStates(rows);
  entries.forEach((entry, s) => states.fold({s, b: s, t: 5000 + s, ...entry}));
  return states;
}

const intent = (r: number, a = 1, fresh = false): Entry => ({
  k: 'intent',
  r,
  a,
  q: `q${r}-${a}`,
  ...(fresh && {fresh: true}),
});
const doubt = (r: number, a = 1): Entry => ({k: 'doubt', r, a, why: 'timeout'});

describe('how a row stands', () => {
  it.each<[string, Entry[], Outcome]>([
    ['the journal has no entry of it', [], 'not_started'],
    ['it breaks a rule', [{k: 'invalid', r: 4, code: 'required', msg: 'is required'}], 'invalid'],
    ['it is already so', [{k: 'unchanged', r: 4, id: 31}], 'unchanged'],
    ['it may have been sent', [intent(4)], 'in_doubt'],
    ['it was proven unsent', [intent(4), {k: 'unsent', r: 4, a: 1, why: 'ECONNREFUSED'}], 'not_started'],
    ['the limits refused it', [intent(4), {k: 'refused', r: 4, a: 1, st: 429}], 'not_started'],
    ['its attempt ended in doubt', [intent(4), doubt(4)], 'in_doubt'],
    [
      'it was read once and not found',
      [intent(4), doubt(4), {k: 'check', r: 4, a: 1, n: 1, res: 'absent'}],
      'in_doubt',
    ],
    ['it was proven not applied', [intent(4), doubt(4), {k: 'not_applied', r: 4, a: 1}], 'not_started'],
    [
      'it was sent anew after that',
      [intent(4), doubt(4), {k: 'not_applied', r: 4, a: 1}, intent(4, 2)],
      'in_doubt',
    ],
    [
      'it was created',
      [intent(4), {k: 'done', r: 4, a: 1, o: 'created', st: 201, id: 7, via: 'answer'}],
      'created',
    ],
    [
      'it was found to be updated',
      [intent(4), doubt(4), {k: 'done', r: 4, o: 'updated', via: 'readback'}],
      'updated',
    ],
    [
      'it was refused',
      [intent(4), {k: 'done', r: 4, a: 1, o: 'failed', st: 422, code: 'taken', msg: 'is taken'}],
      'failed',
    ],
  ])('when %s', (_what, entries, outcome) => {
    const states = statesAfter(...entries);
    expect(states.outcome(4)).toBe(outcome);
    expect(states.counts).toEqual({
      ...noCounts(),
      not_started: rows - 1,
      [outcome]: outcome === 'not_started' ? rows : 1,
    });
    expect(states.outcome(5)).toBe('not_started');
    expect([...states.doubts.keys()]).toEqual(outcome === 'in_doubt' ? [4] : []);
  });

  it('holds everything that the journal says of it', () => {
    const states = statesAfter(
      intent(3),
      {
        k: 'done',
        r: 3,
        a: 1,
        o: 'failed',
        st: 422,
        via: 'answer',
        code: 'taken',
        msg: 'has already been taken',
      },
      intent(6),
      {k: 'refused', r: 6, a: 1, st: 401},
      intent(6, 2, true),
      {k: 'done', r: 6, a: 2, o: 'created', st: 201, id: 4711, via: 'answer'},
      {k: 'unchanged', r: 9, id: 31},
    );
    expect(states.row(3)).toEqual({
      outcome: 'failed',
      attempts: 1,
      status: 422,
      id: undefined,
      via: 'answer',
      code: 'taken',
      message: 'has already been taken',
    });
    expect(states.row(6)).toMatchObject({outcome: 'created', attempts: 2, status: 201, id: 4711, code: ''});
    expect(states.row(9)).toMatchObject({outcome: 'unchanged', attempts: 0, id: 31});
    expect([...states.rowsWith(['failed'])]).toEqual([[3, states.row(3)]]);
  });

  it('counts an attempt that was proven unsent as none', () => {
    const states = statesAfter(intent(4), {k: 'unsent', r: 4, a: 1, why: 'held_back'});
    expect([states.row(4).attempts, states.requests.writes, states.requests.total]).toEqual([0, 0, 0]);
  });

  it('knows how often a row was in doubt', () => {
    const once = [intent(4), doubt(4), {k: 'not_applied', r: 4, a: 1} as const];
    expect(statesAfter(...once).doubtfulAttempts(4)).toBe(1);
    expect(statesAfter(...once, intent(4, 2)).doubtfulAttempts(4)).toBe(2);
    // The limits' refusal is no doubt.
    expect(statesAfter(intent(4), {k: 'refused', r: 4, a: 1, st: 429}).doubtfulAttempts(4)).toBe(0);
  });

  it('keeps what settling a row in doubt needs', () => {
    const states = statesAfter(intent(3), intent(4, 1, true), doubt(4));
    const both = {sent: {}, keyId: undefined};
    expect(states.doubts.get(3)).toEqual({knownAbsent: false, intentAt: 5000, why: 'no_answer', ...both});
    expect(states.doubts.get(4)).toEqual({knownAbsent: true, intentAt: 5001, why: 'timeout', ...both});
  });

  it('keeps the ids that a row was sent with, and what was there before an attempt that was in doubt', () => {
    const sent = {...intent(4), ids: {user_id: 12}, top: 70} as Entry;
    const disproved = [sent, doubt(4), {k: 'not_applied', r: 4, a: 1}] as const;
    expect(statesAfter(...disproved).sentBefore(4)).toEqual({ids: {user_id: 12}, top: 70});
    expect(statesAfter(sent, {k: 'refused', r: 4, a: 1, st: 429}).sentBefore(4)).toEqual({
      ids: {user_id: 12},
    });
    const done = {k: 'done', r: 4, a: 2, o: 'created', st: 201, via: 'answer'} as const;
    expect(statesAfter(...disproved, intent(4, 2), done).sentBefore(4)).toBeUndefined();
  });

  it('gives the rows in the order of lines, whatever was settled first', () => {
    const states = statesAfter({k: 'unchanged', r: 9}, {k: 'unchanged', r: 3}, intent(5), {
      k: 'unchanged',
      r: 7,
    });
    const lines = [...states.rowsWith(['unchanged'])].map(([line]) => line);
    expect(lines).toEqual([3, 7, 9]);
  });

  it('is kept for lines far behind the number of rows', () => {
    const states = statesAfter(intent(500_000), {k: 'done', r: 500_000, a: 1, o: 'created', id: 2 ** 45});
    expect(states.row(500_000)).toMatchObject({outcome: 'created', id: 2 ** 45});
    expect([...states.rowsWith(['created'])]).toEqual([[500_000, states.row(500_000)]]);
    expect(states.outcome(499_999)).toBe('not_started');
  });
});

it('requests are counted by what they were', () => {
  const {requests} = statesAfter(
    {k: 'spent', n: 5, x: 1},
    intent(3),
    {k: 'refused', r: 3, a: 1, st: 429},
    intent(3, 2),
    intent(4),
    {k: 'refused', r: 4, a: 1, st: 401},
  );
  expect(requests).toEqual({total: 8, writes: 3, reads: 5, refused: 2});
});

describe('whatever a journal says', () => {
  const r = fc.constantFrom(...lines.slice(0, 4));
  const a = fc.integer({min: 1, max: 4});
  const any: fc.Arbitrary<Entry> = fc.oneof(
    fc.record({k: fc.constant('invalid' as const), r, code: fc.constant('required'), msg: fc.constant('x')}),
    fc.record({k: fc.constant('unchanged' as const), r, id: fc.nat()}),
    fc.record({k: fc.constant('intent' as const), r, a, q: fc.constant('q')}),
    fc.record({k: fc.constant('unsent' as const), r, a, why: fc.constant('held_back')}),
    fc.record({k: fc.constant('refused' as const), r, a, st: fc.constantFrom(401, 429)}),
    fc.record({k: fc.constant('doubt' as const), r, a, why: fc.constant('timeout')}),
    fc.record({k: fc.constant('not_applied' as const), r, a}),
    fc.record({
      k: fc.constant('done' as const),
      r,
      a,
      o: fc.constantFrom('created', 'updated', 'failed'),
      st: fc.nat(599),
    }),
    fc.record({k: fc.constant('spent' as const), n: fc.nat(9), x: fc.constant(0)}),
  );

  it('every row has exactly one outcome, and a final one is never left', () => {
    const seen = {final: 0};
    fc.assert(
      fc.property(fc.array(any, {maxLength: 60}), (entries) => {
        const states = new RowStates(rows);
        const final = new Map<number, string>();
        entries.forEach((entry, s) => {
          states.fold({s, b: s, t: s, ...entry});
          expect(Object.values(states.counts).reduce((sum, count) => sum + count, 0)).toBe(rows);
          expect(Object.values(states.counts).every((count) => count >= 0)).toBe(true);
          for (const [line, row] of final) expect(JSON.stringify(states.row(line))).toBe(row);
          for (const line of lines) {
            if (['not_started', 'in_doubt'].includes(states.outcome(line)) || final.has(line)) continue;
            final.set(line, JSON.stringify(states.row(line)));
            seen.final++;
          }
          const inDoubt = lines.filter((line) => states.outcome(line) === 'in_doubt');
          expect([...states.doubts.keys()].sort((one, other) => one - other)).toEqual(inDoubt);
        });
      }),
      {numRuns: 300},
    );
    expect(seen.final).toBeGreaterThan(300);
  });
});
