/** A preload that writes down every host and port that the program connects to, and every name that it looks up. */
import {appendFileSync} from 'node:fs';
import {syncBuiltinESMExports} from 'node:module';
import dns from 'node:dns';
import net from 'node:net';

const file = process.env['RECORD_HOSTS'];
const note = (host) => appendFileSync(file, `${host}\n`);

const {connect} = net.Socket.prototype;
net.Socket.prototype.connect = function (...args) {
  const [{host, path, port = ''}] = args.flat();
  note(`${host ?? path}:${port}`);
  return connect.apply(this, args);
};
for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6']) {
  const original = dns[name];
  dns[name] = function (host, ...rest) {
    note(host);
    return original.call(this, host, ...rest);
  };
}
syncBuiltinESMExports();
