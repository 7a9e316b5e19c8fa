import pc from 'picocolors';
import {describe, expect, it} from 'vitest';
import {renderPlan} from '../../../src/cli/print/render-plan.ts';
import type {PlanDocument} from '../../../src/plan/plan-document.ts';

const plain = {colors: pc.createColors(false)};

function plan(more: Partial<PlanDocument> = {}): PlanDocument {
  return {
    formatVersion: 1,
    job: 'patronages',
    jobHash: '',
    input: {path: '/srv/pairs.csv', sha256: '', rows: 9},
    baseUrl: 'https://api.intra.42.fr',
    existing: 'skip',
    onInvalid: 'skip',
    options: {map: {}, set: {}, timezone: 'UTC', ignoreUnknown: false},
    counts: {create: 8, update: 0, remove: 0, unchanged: 0, failed: 0, invalid: 1},
    requests: {reads: 3, writes: 8, total: 11},
    schedule: {
      finishesAt: '',
      seconds: 4,
      thisHour: 8,
      furtherHours: 0,
      text: '8 requests, done about 14:00',
    },
    rows: [
      {line: 2, action: 'create', target: 'user_id amartin, godfather_id andre'},
      {line: 7, action: 'invalid', target: '', code: 'invalid_boolean', message: 'ongoing: not a boolean'},
    ],
    warnings: [],
    digest: '',
    ...more,
  };
}

describe('a plan for people', () => {
  it('shows counts, rows, requests and how long they take', () => {
    expect(renderPlan(plan(), plain).split('\n')).toEqual([
      'patronages on api.intra.42.fr: 9 rows, 8 to create, 1 invalid',
      '  + line 2: user_id amartin, godfather_id andre',
      '  + and 7 more',
      '  ! line 7: ongoing: not a boolean',
      '8 requests, done about 14:00 (in 4 s); 3 reads made for this plan',
    ]);
  });

  it('shows a time in the zone of the file', () => {
    const changes = [
      {column: 'begin_at', from: '2026-08-31T22:00:07.000Z', to: '2026-08-31T22:00:00.000Z'},
      {column: 'end_at', from: undefined, to: '2027-01-10T08:30:00Z'},
    ];
    const rows: PlanDocument['rows'] = [{line: 2, action: 'update', target: 'id 7', changes}];
    const counts = {create: 0, update: 1, remove: 0, unchanged: 0, failed: 0, invalid: 0};
    const shown = (timezone: string) =>
      renderPlan(plan({rows, counts, options: {...plan().options, timezone}}), plain);
    expect(shown('Europe/Berlin')).toContain(
      'begin_at: "2026-08-31T22:00:07.000Z" → 2026-09-01 00:00 (2026-08-31 22:00 UTC)',
    );
    expect(shown('Europe/Berlin')).toContain('end_at: 2027-01-10 09:30 (08:30 UTC)');
    expect(shown('UTC')).toContain('end_at: "2027-01-10T08:30:00Z"');
  });

  it('says that there is nothing to send', () => {
    const counts = {create: 0, update: 0, remove: 0, unchanged: 9, failed: 0, invalid: 0};
    const nothing = plan({counts, rows: [], requests: {reads: 0, writes: 0, total: 0}});
    expect(renderPlan(nothing, plain).split('\n')).toEqual([
      'patronages on api.intra.42.fr: 9 rows, 9 unchanged',
      'nothing to send',
    ]);
  });

  it.each([
    [1, 'the row in doubt is read back first, and sent again only if it was not applied'],
    [4, 'the 4 rows in doubt are read back first, and sent again only if they were not applied'],
  ])('counts %d in doubt among the rows that are left', (inDoubt, words) => {
    const counts = {create: 0, update: 0, remove: 0, unchanged: 0, failed: 0, invalid: 0};
    const rest = plan({counts, rows: [], requests: {reads: 2, writes: 0, total: 2}});
    expect(renderPlan(rest, plain, {inDoubt}).split('\n')).toEqual([
      `patronages on api.intra.42.fr: ${inDoubt} of 9 rows left, ${inDoubt} in doubt`,
      'nothing to send; 2 reads made for this plan',
      words,
    ]);
  });
});
