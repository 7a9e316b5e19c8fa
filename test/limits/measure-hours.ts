import {generator} from '../helpers/harness/random-kills.ts';
import {HourServer, type HourServerOptions, idealOf, maxInAnHour} from './hour-server.ts';
import {simulate, type SimulateOptions} from './simulate.ts';

export interface MeasureOptions extends Partial<SimulateOptions> {
  /** The server's clock minus ours. */
  serverAhead?: number;
}

/** What came through, as a share of what a client gets that knows the server's counter; and the refusals. */
export function measureHours(
  options: HourServerOptions,
  {serverAhead = 0, start, lengthMs, ...more}: MeasureOptions & {start: number; lengthMs: number},
) {
  const server = new HourServer(options, start + serverAhead);
  const random = generator(42);
  const arrive = (now: number) => ({result: server.arrive(now + serverAhead), workMs: random() * 600});
  const {sent} = simulate({server: {arrive}, start, lengthMs, random, ...more});
  const ideal = idealOf(options, start + serverAhead, start + serverAhead + lengthMs);
  return {
    server,
    sent: sent.flat(),
    share: server.admitted.length / ideal,
    refusedAnHour: maxInAnHour(server.refused),
    refused: server.refused.length,
  };
}
