import {expect, it} from 'vitest';
import type {Question} from '../../src/app/run-io.ts';
import {ask} from '../../src/cli/ask.ts';

/** Asks a person who gives these answers, one after the other. */
async function answered(answers: string[], typed?: Question['typed']) {
  const questions: string[] = [];
  const terminal = {
    ask: (question: string) => {
      questions.push(question);
      return Promise.resolve(answers.shift() ?? 'asked too often');
    },
  };
  const question = {rows: 12, isRemoval: false, ...(typed && {typed})};
  const isYes = await ask(question, terminal, new AbortController().signal);
  return {isYes, asked: questions.length, last: questions.at(-1), left: answers.length};
}

it.each([
  ['y', true],
  ['YES', true],
  ['n', false],
  ['No', false],
  ['', false],
])('%j is an answer', async (answer, isYes) => {
  expect(await answered([answer])).toMatchObject({isYes, asked: 1});
});

it.each(['oui', 'ok', 'yn', '12'])('%j is none: the question is asked again', async (answer) => {
  const again = await answered([answer, 'ja', 'y']);
  expect(again).toMatchObject({isYes: true, asked: 3, left: 0});
  expect(again.last).toMatch(/\by or n\b.*Send 12 rows\? \[y\/N\]/);
});

it.each([
  ['1240', true],
  ['1,240', true],
  ['y', false],
  ['12', false],
])('where the number has to be typed, %j is a yes: %s', async (answer, isYes) => {
  const typed = {number: 1240, of: 'wallets', why: 'It is 1,240 wallets to 62 users'};
  const last = 'It is 1,240 wallets to 62 users. Type the number of wallets (1240) to go on: ';
  expect(await answered([answer], typed)).toMatchObject({isYes, asked: 1, last});
});
