import {expect, it} from 'vitest';
import {ask} from '../../src/cli/ask.ts';

/** Asks a person who gives these answers, one after the other. */
async function answered(answers: string[], typeTheCount = false) {
  const questions: string[] = [];
  const terminal = {
    ask: (question: string) => {
      questions.push(question);
      return Promise.resolve(answers.shift() ?? 'asked too often');
    },
  };
  const question = {rows: 12, isRemoval: false, typeTheCount};
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
  ['12', true],
  ['y', false],
  ['13', false],
])('where the number has to be typed, %j is a yes: %s', async (answer, isYes) => {
  expect(await answered([answer], true)).toMatchObject({isYes, asked: 1});
});
