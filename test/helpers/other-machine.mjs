/**
 * Makes a process believe that it runs on the machine named by MACHINE: the names of its local locks and of its boot
 * are that machine's own. Preloaded with `--import`.
 */
import fs from 'node:fs';
import {syncBuiltinESMExports} from 'node:module';
import net from 'node:net';

const machine = process.env.MACHINE;
const {listen} = net.Server.prototype;
net.Server.prototype.listen = function (where, ...rest) {
  const isLock = typeof where === 'string' && where.startsWith('\0');
  return listen.call(this, isLock ? `${where}-${machine}` : where, ...rest);
};
const {readFileSync} = fs;
fs.readFileSync = (path, ...rest) =>
  path === '/proc/sys/kernel/random/boot_id' ? `boot of ${machine}\n` : readFileSync(path, ...rest);
syncBuiltinESMExports();
