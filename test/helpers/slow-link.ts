import {once} from 'node:events';
import {connect, createServer, type Socket} from 'node:net';
import type {AddressInfo} from 'node:net';
import {onTestFinished} from 'vitest';

export interface WayBack {
  /** How long every byte takes. */
  backMs: () => number;
  change?: (reply: string) => string;
}

/** A way to a port on which every byte takes this long, each way unless told. Its own port. */
export async function openSlowLink(
  port: number,
  ms: () => number,
  {backMs, change}: WayBack = {backMs: ms},
): Promise<number> {
  const server = createServer((socket) => {
    const onward = connect(port, '127.0.0.1');
    delay(socket, onward, ms);
    delay(onward, socket, backMs, change);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

function delay(from: Socket, to: Socket, ms: () => number, change?: WayBack['change']): void {
  // A later piece never overtakes an earlier one.
  let last = 0;
  from.on('error', () => to.destroy());
  from.on('close', () => to.destroy());
  from.on('data', (piece: Buffer) => {
    last = Math.max(last, performance.now() + ms());
    const changed = change ? Buffer.from(change(piece.toString('latin1')), 'latin1') : piece;
    setTimeout(() => to.write(changed), last - performance.now());
  });
}
