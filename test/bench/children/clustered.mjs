import Bottleneck from 'bottleneck';
import {Redis} from 'ioredis';

// One process of several that share a limiter of bottleneck through Redis: jobs in four rows, each after the other.
const [port, jobs] = process.argv.slice(2).map(Number);
const say = (line) => process.stdout.write(`${line}\n`);
const connection = new Bottleneck.IORedisConnection({client: new Redis({port, host: '127.0.0.1'})});
const limiter = new Bottleneck({id: 'shared', datastore: 'ioredis', connection, minTime: 102});
for (const each of [connection, limiter]) each.on('error', () => undefined);
let left = jobs;
const work = async () => {
  while (left-- > 0) {
    await limiter
      .schedule(() => Promise.resolve(say(`sent ${performance.timeOrigin + performance.now()}`)))
      .catch((error) => say(`error ${error.message}`));
  }
};
await Promise.all([work(), work(), work(), work()]);
process.exit(0);
