import {basename} from 'node:path';
import {describe, expect, it, vi} from 'vitest';
import {api} from './api.ts';
import {commandLine} from './command-line.ts';
import {earlierRuns} from './earlier-runs.ts';
import {environment} from './environment.ts';
import {files} from './files.ts';
import {ownJobs} from './own-jobs.ts';
import {errorOf, openPlace, wrongArticle} from './stage.ts';

const tables = {
  'the command line': commandLine,
  files,
  'the environment': environment,
  'earlier runs': earlierRuns,
  "jobs of one's own": ownJobs,
  'the API': api,
};

const usualCodes: Record<number, string> = {
  2: 'usage',
  23: 'locked',
  65: 'input',
  66: 'file',
  74: 'disk',
  75: 'temporary',
};

/** Whether a text holds a fact, not as a part of a longer word or number. */
function holds(text: string, fact: string): boolean {
  const literally = fact.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  return new RegExp(`(?<!\\w)${literally}(?!\\w)`).test(text);
}

describe.each(Object.entries(tables))('errors about %s', (_, messages) => {
  const titled = messages.map((row) => ({...row, about: row.names.join(', ')}));
  it.each(titled)('$type: $about', async (row) => {
    const {type, given, api: options, env = {}, answer, exit = 2, names, next} = row;
    const place = await openPlace(options);
    await given?.(place);
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const words = type.split(' ').filter((word) => word !== '');
    const argv = words.map((word) => (word === '<run>' ? basename(place.run()) : word));
    const {code, exitCode, message, hint} = await errorOf(argv, place, answer);
    expect({exitCode, code}).toEqual({exitCode: exit, code: row.code ?? usualCodes[exit]});
    expect(message).toMatch(/\w{3}/);
    expect(`${message}\n${hint}`).not.toMatch(wrongArticle);
    expect(
      names.filter((fact) => !holds(message, fact)),
      `not named in: ${message}`,
    ).toEqual([]);
    expect(hint === '', `hint: ${hint}`).toBe(next === undefined);
    expect(
      next?.filter((fact) => !holds(hint, fact)),
      `not named in: ${hint}`,
    ).toEqual(next && []);
  });
});
