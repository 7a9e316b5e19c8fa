import {randomBytes} from 'node:crypto';
import {describe, expect, it} from 'vitest';
import {counts, createGate, csv, fast, interrupt, openStage, type Stage, writes} from './stage.ts';

const pairs = ['1000,64', '1001,64', '1002,64'];
const send = ['--yes', ...fast];

function png(): Buffer {
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), randomBytes(4000)]);
}

const bodies = (stage: Stage) => writes(stage.sandbox).map(({body}) => body);

describe('--changed-since', () => {
  it.each(['last', 'the run by its id'])('18: after an undo nothing is the same as in %s', async (which) => {
    const stage = await openStage();
    stage.file('pairs.csv', csv('user_id,godfather_id', ...pairs));
    expect((await stage.cli(['run', 'patronages', 'pairs.csv', ...send])).code).toBe(0);
    const [id = ''] = stage.runs();
    expect((await stage.cli(['undo', id, ...send])).code).toBe(0);
    expect(stage.sandbox.store.patronages.size).toBe(0);
    const since = which === 'last' ? 'last' : id;
    expect(
      (await stage.cli(['run', 'patronages', 'pairs.csv', '--changed-since', since, ...send])).code,
    ).toBe(0);
    expect(stage.summary().counts).toEqual(counts({created: 3}));
    expect(stage.sandbox.store.patronages.size).toBe(3);
  });

  it('19: another password alone is a change', async () => {
    const stage = await openStage();
    const file = (password: string) =>
      stage.file('users.csv', csv('id,first_name,password', `46,Lila,${password}`, '64,Noor,St4ble-Heron!'));
    file('Tr4veller-Owl!');
    expect((await stage.cli(['run', 'users', 'users.csv', ...send])).code).toBe(0);
    const since = ['run', 'users', 'users.csv', '--changed-since', 'last', ...send];
    const sent = writes(stage.sandbox).length;
    expect((await stage.cli(since)).code).toBe(0);
    expect(writes(stage.sandbox)).toHaveLength(sent);
    file('Gl4cier-Moth!');
    expect((await stage.cli(since)).code).toBe(0);
    expect(bodies(stage).slice(sent)).toEqual([{user: expect.objectContaining({password: 'Gl4cier-Moth!'})}]);
  });

  it("19: another image's bytes alone are a change", async () => {
    const stage = await openStage();
    stage.file('users.csv', csv('id,image', '46,face.png', '64,other.png'));
    stage.file('face.png', png());
    stage.file('other.png', png());
    expect((await stage.cli(['run', 'users', 'users.csv', ...send])).code).toBe(0);
    const since = ['run', 'users', 'users.csv', '--changed-since', 'last', ...send];
    const sent = writes(stage.sandbox).length;
    expect((await stage.cli(since)).code).toBe(0);
    expect(writes(stage.sandbox)).toHaveLength(sent);
    stage.file('face.png', png());
    expect((await stage.cli(since)).code).toBe(0);
    expect(
      writes(stage.sandbox)
        .slice(sent)
        .map(({path}) => path),
    ).toEqual(['/v2/users/46']);
  });

  it('20: a row that a later run wrote, or may have written, is not the same', async () => {
    const gate = createGate(3);
    const [fault] = gate.options.faults ?? [];
    const stage = await openStage({
      ...gate.options,
      faults: [
        {...fault, on: {method: 'PUT', path: 'users'}, nth: 6, effect: 'none', answer: 'slow', delayMs: 1},
      ],
    });
    const nightly = (name: string) =>
      stage.file('users.csv', csv('id,first_name', ...[1000, 1001, 1002, 1003].map((id) => `${id},${name}`)));
    const since = ['--changed-since', 'last', '--concurrency', '1', ...send];
    nightly('Amal');
    expect((await stage.cli(['run', 'users', 'users.csv', ...since])).code).toBe(0);
    nightly('Bela');
    const second = stage.start(['run', 'users', 'users.csv', ...since]);
    await gate.reached();
    await interrupt(second.child, 'SIGINT');
    gate.open();
    await second.ended;
    expect(stage.summary().counts).toEqual(counts({updated: 2, not_started: 2}));
    nightly('Amal');
    expect((await stage.cli(['run', 'users', 'users.csv', ...since])).code).toBe(0);
    const names = [1000, 1001, 1002, 1003].map((id) => stage.sandbox.store.users.get(id)?.first_name);
    expect(names).toEqual(['Amal', 'Amal', 'Amal', 'Amal']);
    expect(stage.summary().counts).toEqual(counts({updated: 2, unchanged: 2}));
  });
});
