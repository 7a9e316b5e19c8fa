import {describe, expect, it, onTestFinished, vi} from 'vitest';
import {shutDownOnSignals} from '../../src/cli/shut-down-on-signals.ts';
import {StopSignal} from '../../src/stop-signal.ts';
import {FakeClock} from '../helpers/fake-clock.ts';
import {until} from '../helpers/until.ts';

const second = 1000;

function open() {
  const [clock, stop] = [new FakeClock(), new StopSignal()];
  const noticed: string[] = [];
  const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
  const shutdown = shutDownOnSignals(stop, clock, (signal) => noticed.push(signal));
  onTestFinished(() => {
    shutdown.dispose();
    kill.mockRestore();
  });
  return {
    clock,
    stop,
    noticed,
    kill,
    shutdown,
    give: (signal: NodeJS.Signals) => process.emit(signal, signal),
  };
}

describe('the first signal', () => {
  it('takes nothing new, and gives what is on its way 8 seconds', async () => {
    const {clock, stop, noticed, shutdown, give} = open();
    give('SIGTERM');
    expect([noticed, shutdown.signal, stop.reason]).toEqual([['SIGTERM'], 'SIGTERM', 'SIGTERM']);
    expect([stop.signal.aborted, stop.abort.aborted]).toEqual([true, false]);
    await clock.advance(8 * second - 1);
    expect(stop.abort.aborted).toBe(false);
    await clock.advance(1);
    expect(stop.abort.aborted).toBe(true);
  });

  it('that a wrapper passes on in the same moment is no second one', async () => {
    const {clock, stop, noticed, kill, give} = open();
    give('SIGINT');
    await clock.advance(29);
    give('SIGINT');
    expect(stop.abort.aborted).toBe(false);
    expect(noticed).toEqual(['SIGINT']);
    expect(kill).not.toHaveBeenCalled();
  });
});

describe('the second signal', () => {
  it.each([
    ['the same one, later', 30, 'SIGINT'],
    ['another one, at once', 0, 'SIGHUP'],
  ] as const)('ends the process by itself, without a wait: %s', async (_what, ms, again) => {
    const {clock, stop, noticed, kill, shutdown, give} = open();
    give('SIGINT');
    await clock.advance(ms);
    give(again);
    expect(stop.abort.aborted).toBe(true);
    await until(() => kill.mock.calls.length > 0, 'the process is ended');
    expect(kill).toHaveBeenCalledExactlyOnceWith(process.pid, again);
    expect([noticed, shutdown.signal, stop.reason]).toEqual([['SIGINT'], 'SIGINT', 'SIGINT']);
    expect(process.listeners(again)).toEqual([]);
  });
});
