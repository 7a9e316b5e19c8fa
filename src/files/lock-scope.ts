import {readFileSync, readlinkSync} from 'node:fs';

/**
 * Names the part of the world in which a Lock excludes others: this boot of this machine, this network namespace, this
 * account. Undefined where the system has no words for it (anything but Linux).
 */
export function lockScope(): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/net')} ${process.getuid?.() ?? 0}`;
  } catch {
    return undefined;
  }
}
