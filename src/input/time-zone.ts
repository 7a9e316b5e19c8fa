import {UsageError} from '../errors.ts';
import type {LocalTime, ParseContext} from '../job/row.ts';

/**
 * How date-times without a zone are read: the local time of `zone` to milliseconds since 1970. A local time that
 * the zone's clocks skip is undefined; of one that they show twice, the earlier counts. UTC needs no resolver.
 */
export async function zoneResolver(zone: string): Promise<NonNullable<ParseContext['zone']> | undefined> {
  if (/^(UTC|Z|GMT)$/i.test(zone)) return undefined;
  const {Temporal} = await import('temporal-polyfill');
  try {
    Temporal.Now.plainDateTimeISO(zone);
  } catch {
    throw new UsageError(`--timezone ${zone} is no time zone`, {
      hint: 'use a name such as Europe/Paris, America/New_York or UTC',
    });
  }
  return (local: LocalTime) => {
    const plain = Temporal.PlainDateTime.from(local);
    const zoned = plain.toZonedDateTime(zone, {disambiguation: 'earlier'});
    return zoned.toPlainDateTime().equals(plain) ? zoned.epochMilliseconds : undefined;
  };
}
