import {drive, pass, smallestGap} from './drive-limiter.ts';
import {HourServer, type HourServerOptions, idealOf, maxInAnHour} from './hour-server.ts';

/** What came through in so many hours, and what a client that knew the counter would have got through. */
export async function measureHours(
  start: number,
  options: HourServerOptions,
  length: number,
  serverAhead = 0,
) {
  const server = new HourServer(options, start + serverAhead);
  const driven = drive({arrive: (now) => server.arrive(now + serverAhead)});
  await pass(length);
  const {sent, failure, waits} = driven;
  const result = {
    share: server.admitted.length / idealOf(options, start + serverAhead, start + serverAhead + length),
    refusedAnHour: maxInAnHour(server.refused),
    refused: server.refused.length,
    gap: smallestGap(sent),
    failure,
    waits: [...waits],
  };
  await driven.stop();
  return result;
}
