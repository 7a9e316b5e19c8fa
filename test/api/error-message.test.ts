import {describe, expect, it} from 'vitest';
import {errorMessage} from '../../src/api/error-message.ts';
import {respond} from './responses.ts';

const nested = (levels: number) => `{"errors":{"kind":${'['.repeat(levels)}${']'.repeat(levels)}}}`;

describe('the words of an error', () => {
  it.each([
    [{error: 'Not allowed'}, 'Not allowed'],
    [{error: 'Forbidden', message: 'You need a role'}, 'Forbidden: You need a role'],
    [{errors: ['kind is wrong', 'reason is missing', 7]}, 'kind is wrong: reason is missing'],
    [
      {errors: {kind: ['is wrong', 'is odd'], reason: 'is missing'}},
      'kind is wrong, is odd: reason is missing',
    ],
    [{}, ''],
    [['error'], ''],
    ['error', ''],
    [null, ''],
  ])('%j', (body, words) => {
    expect(errorMessage(body)).toBe(words);
  });

  it('are none where they nest deeper than any response of the API', () => {
    const messageOf = (levels: number) =>
      errorMessage(respond(422, nested(levels), {'content-type': 'application/json'}).json);
    expect(messageOf(60)).toBe('kind ');
    expect(messageOf(65)).toBe('');
    expect(messageOf(100_000)).toBe('');
  });

  it('are left whole: what is personal is removed later, and has to be found', () => {
    expect(errorMessage({error: 'x'.repeat(5000)})).toHaveLength(5000);
  });

  it.each([
    ['{"errors":{"kind":{"toString":null}}}', 'kind toString null'],
    ['{"errors":{"kind":[{"__proto__":null,"valueOf":7}]}}', 'kind __proto__ null, valueOf 7'],
    ['{"errors":{"cursus_users":[{"begin_at":["is too early"]}]}}', 'cursus_users begin_at is too early'],
    ['{"errors":{"kind":[null,true,1.5]}}', 'kind null, true, 1.5'],
    ['{"error":{"toString":null},"message":[null]}', ''],
  ])('are read from whatever JSON holds: %s', (body, message) => {
    expect(errorMessage(respond(422, body, {'content-type': 'application/json'}).json)).toBe(message);
  });
});
