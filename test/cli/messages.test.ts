import {basename} from 'node:path';
import {describe, expect, it, vi} from 'vitest';
import {environmentMessages, usageMessages} from './messages-of-words.ts';
import {fileMessages} from './messages-of-files.ts';
import {apiMessages} from './messages-of-api.ts';
import {ownJobMessages} from './messages-of-own-jobs.ts';
import {runMessages} from './messages-of-runs.ts';
import {openPlace, say} from './messages-stage.ts';

const tables = {
  'the command line': usageMessages,
  files: fileMessages,
  'the environment': environmentMessages,
  'earlier runs': runMessages,
  "jobs of one's own": ownJobMessages,
  'the API': apiMessages,
};

describe.each(Object.entries(tables))('errors about %s', (_, messages) => {
  it.each(messages)('$type: $says', async ({type, given, api, env = {}, answer, exit, says, hint}) => {
    const place = await openPlace(api);
    await given?.(place);
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const words = type.split(' ').filter((word) => word !== '');
    const argv = words.map((word) => (word === '<run>' ? basename(place.run()) : word));
    expect(await say(argv, place, answer)).toEqual({exit, says, hint});
  });
});
