import {expect, it} from 'vitest';
import type {RunSpec} from '../../src/app/run-spec.ts';
import type {ActivityState} from '../../src/ui/activity-state.ts';
import {Activity} from '../../src/ui/activity.ts';
import {PageIo} from '../../src/ui/page-io.ts';
import {temporaryFolder} from '../helpers/run-cli.ts';

function openIo() {
  const shown: Partial<ActivityState>[] = [];
  const io = new PageIo({note: () => undefined, plan: () => undefined, change: (state) => shown.push(state)});
  return {io, question: () => shown.findLast((state) => state.question)?.question};
}

const sum = {rows: 3, isRemoval: false, typed: {number: 1240, of: 'wallets', why: 'Gives 1,240 wallets'}};

it('takes an answer to the question that is asked alone, with the number that has to be typed', async () => {
  const {io, question} = openIo();
  expect(io.answer({isYes: true, typed: '1240', id: undefined})).toBe(false);
  const first = io.confirm({rows: 1, isRemoval: true});
  const before = question()?.id;
  expect(io.answer({isYes: false, typed: '', id: before})).toBe(true);
  expect(await first).toBe(false);

  const second = io.confirm(sum);
  const id = question()?.id;
  // Of a page that still shows the first question.
  expect(io.answer({isYes: true, typed: '1240', id: before})).toBe(false);
  expect(io.answer({isYes: true, typed: '124', id})).toBe(false);
  expect(io.answer({isYes: true, typed: '1,240', id})).toBe(true);
  expect(await second).toBe(true);
});

it('asks nothing after it was stopped, and takes a stop for a no', async () => {
  const {io} = openIo();
  const asked = io.confirm(sum);
  io.stop();
  expect(await asked).toBe(false);
  expect(await io.confirm(sum)).toBe(false);
});

it('has one run at a time', async () => {
  const activity = new Activity();
  const settings = {out: temporaryFolder(), sandbox: false} as RunSpec['settings'];
  const start = () => activity.start({kind: 'resume', run: 'last', settings}, 'bulk42 resume last', false);
  start();
  expect(start).toThrow(expect.objectContaining({code: 'busy'}));
  await activity.ended();
  // There is no run in that folder.
  const {phase, error} = activity.state;
  expect([phase, error?.message]).toEqual(['ended', expect.stringMatching(/no run/)]);
});
