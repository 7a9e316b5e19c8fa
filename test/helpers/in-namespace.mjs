/**
 * Gives a process in a network namespace of its own its API on loopback, as the sandbox is for others: a relay to
 * API_ADDRESS. Preloaded with `--import`.
 */
import {connect, createServer} from 'node:net';

const {API_ADDRESS: address, API_PORT: port} = process.env;
const server = createServer((socket) => {
  const onward = connect(Number(port), address);
  for (const [one, other] of [
    [socket, onward],
    [onward, socket],
  ]) {
    one.on('error', () => other.destroy()).pipe(other);
    one.unref();
  }
});
await new Promise((resolve) => server.listen(Number(port), '127.0.0.1', resolve));
server.unref();
