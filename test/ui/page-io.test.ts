import {expect, it} from 'vitest';
import type {ActivityState} from '../../src/ui/activity-state.ts';
import {PageIo} from '../../src/ui/page-io.ts';

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
