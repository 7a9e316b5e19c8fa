/**
 * A preload (`node --import failpoints.mjs …`) that makes the program under test die, or its disk fail, at one exact
 * moment. The program knows nothing of it. FAILPOINT says what happens, see failpoint.ts for its fields.
 *
 * Moments have names, from general to special, each with a before and an after:
 *
 *   io, write, write:report, write:journal, write:intent (a journal write that holds such an entry), datasync:intent,
 *   open:journal, sync:summary, truncate:journal, rename:report …
 *   net, send:write (head about to be written), sent:write (whole request handed to the system), headers:write,
 *   trailers:write (answer complete); likewise for read and token
 */
import {subscribe} from 'node:diagnostics_channel';
import fs from 'node:fs';
import fsPromises from 'node:fs/promises';
import {syncBuiltinESMExports} from 'node:module';
import {basename} from 'node:path';

const failpoint = JSON.parse(process.env['FAILPOINT'] ?? 'null');
delete process.env['FAILPOINT'];

if (failpoint) await arm(failpoint);

async function arm({at, when = 'before', nth = 1, from, act = 'kill', afterMs = 0, record}) {
  const real = {openSync: fs.openSync, writeSync: fs.writeSync, statSync: fs.statSync};
  const journal = {path: undefined, flushed: 0};
  let begun = from === undefined;
  let seen = 0;
  let full = false;

  /** Whether the failpoint strikes at this very moment. */
  function strikes(names, moment) {
    if (moment === 'after' && names.includes(from)) begun = true;
    if (!begun || moment !== when || !(at === 'any' || names.includes(at))) return false;
    return ++seen === nth;
  }

  function die() {
    if (afterMs > 0) setTimeout(() => process.kill(process.pid, 'SIGKILL'), afterMs);
    else process.kill(process.pid, 'SIGKILL');
  }

  function stop(signal) {
    process.kill(process.pid, signal);
  }

  /** What the test needs to know of the moment of a failure: how much of the journal was on the disk for certain. */
  function note(names) {
    if (record === undefined) return;
    const file = real.openSync(record, 'a', 0o600);
    real.writeSync(file, `${JSON.stringify({names, flushed: journal.flushed})}\n`);
    fs.closeSync(file);
  }

  function fail(names, code) {
    note(names);
    return Object.assign(new Error(`${code}: injected`), {
      code,
      errno: code === 'EIO' ? -5 : -28,
      syscall: names[1],
    });
  }

  /** Before an operation: undefined to go on, an error to fail with, `short` to write a part only. */
  function enter(names) {
    if (act === 'list') {
      if (names.includes(at)) note(names);
      return undefined;
    }
    if (full && /^(write|open|mkdir)/.test(names[1])) throw fail(names, 'ENOSPC');
    if (!strikes(names, 'before')) return undefined;
    if (act === 'kill') die();
    else if (act.startsWith('SIG')) stop(act);
    else if (act === 'EIO' || act === 'ENOSPC') throw fail(names, act);
    else if (act === 'full') full = true;
    if (act === 'full' || act === 'short') note(names);
    return act === 'full' || act === 'short' || act === 'torn' ? act : undefined;
  }

  function leave(names) {
    if (act === 'list' || !strikes(names, 'after')) return;
    if (act.startsWith('SIG')) stop(act);
    else die();
  }

  const labels = new WeakMap();
  const labelOf = (path) => {
    const name = basename(String(path)).replace(/^\.(.*)-[0-9a-f]+\.tmp$/, '$1');
    return name.replace(/\.(ndjson|csv|json|html|log)$/, '') || 'other';
  };
  const isWriting = (flags) =>
    typeof flags === 'number' && (flags & (fs.constants.O_WRONLY | fs.constants.O_RDWR)) !== 0;

  const {open, rename, mkdir} = fsPromises;
  fsPromises.open = async function (path, flags, mode) {
    if (!isWriting(flags)) return open.call(this, path, flags, mode);
    const label = labelOf(path);
    const names = ['io', 'open', `open:${label}`];
    enter(names);
    const handle = await open.call(this, path, flags, mode);
    labels.set(handle, {label, kinds: []});
    if (label === 'journal') {
      journal.path = path;
      journal.flushed = real.statSync(path).size;
    }
    leave(names);
    return handle;
  };
  fsPromises.rename = async function (from, to) {
    const names = ['io', 'rename', `rename:${labelOf(to)}`];
    enter(names);
    await rename.call(this, from, to);
    leave(names);
  };
  fsPromises.mkdir = async function (...args) {
    const names = ['io', 'mkdir'];
    enter(names);
    const made = await mkdir.apply(this, args);
    leave(names);
    return made;
  };
  fs.writeSync = function (fd, ...args) {
    enter(['io', 'writeSync']);
    return real.writeSync.call(this, fd, ...args);
  };
  syncBuiltinESMExports();

  const kindsOf = (label, data) =>
    label === 'journal' ? [...String(data).matchAll(/"k":"(\w+)"/g)].map(([, kind]) => kind) : [];

  /** How much of a batch is written when it is torn: half of the first line that holds the wanted kind. */
  function tornLength(data, offset) {
    const text = String(data).slice(offset);
    const kind = at.split(':')[1];
    const hit = Math.max(0, text.indexOf(`"k":"${kind}"`));
    const end = text.indexOf('\n', hit);
    const start = text.lastIndexOf('\n', hit) + 1;
    return Math.max(1, start + Math.floor((end - start) / 2));
  }

  const handle = await open.call(fsPromises, process.execPath, fs.constants.O_RDONLY);
  const prototype = Object.getPrototypeOf(handle);
  await handle.close();
  const {write, writeFile, datasync, sync, truncate} = prototype;
  const namesOf = (operation, handle_, kinds) => {
    const {label} = labels.get(handle_) ?? {label: 'folder'};
    return ['io', operation, `${operation}:${label}`, ...kinds.map((kind) => `${operation}:${kind}`)];
  };
  prototype.write = async function (data, offset = 0, ...rest) {
    const entry = labels.get(this) ?? {label: 'other', kinds: []};
    entry.kinds = kindsOf(entry.label, data);
    const names = namesOf('write', this, entry.kinds);
    const how = enter(names);
    if (how === 'torn') {
      fs.writevSync(this.fd, [data.subarray(offset, offset + tornLength(data, offset))]);
      die();
    }
    if (how === 'short' || how === 'full') {
      return write.call(this, data, offset, Math.max(1, Math.floor((data.length - offset) / 2)));
    }
    const result = await write.call(this, data, offset, ...rest);
    leave(names);
    return result;
  };
  prototype.writeFile = async function (...args) {
    const names = namesOf('write', this, []);
    enter(names);
    const result = await writeFile.apply(this, args);
    leave(names);
    return result;
  };
  const flush = (operation, original) =>
    async function () {
      const entry = labels.get(this);
      const names = namesOf(operation, this, entry?.kinds ?? []);
      enter(names);
      await original.call(this);
      if (entry?.label === 'journal') journal.flushed = real.statSync(journal.path).size;
      leave(names);
    };
  prototype.datasync = flush('datasync', datasync);
  prototype.sync = flush('sync', sync);
  prototype.truncate = async function (length) {
    const names = namesOf('truncate', this, []);
    enter(names);
    await truncate.call(this, length);
    leave(names);
  };

  const purposeOf = ({method, path}) =>
    path.startsWith('/oauth/') ? 'token' : method === 'GET' ? 'read' : 'write';
  const channels = {
    'undici:client:sendHeaders': 'send',
    'undici:request:bodySent': 'sent',
    'undici:request:headers': 'headers',
    'undici:request:trailers': 'trailers',
  };
  for (const [channel, name] of Object.entries(channels)) {
    subscribe(channel, ({request}) => {
      const names = ['net', name, `${name}:${purposeOf(request)}`];
      if (strikes(names, when)) {
        if (act.startsWith('SIG')) stop(act);
        else die();
      }
    });
  }
}
