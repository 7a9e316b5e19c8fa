/** By its first bytes, since a name proves nothing: a zip archive, or the container of old and of encrypted workbooks. */
export function isWorkbook(start: Buffer): boolean {
  return isOldContainer(start) || start.toString('latin1', 0, 4) === 'PK\x03\x04';
}

export function isOldContainer(start: Buffer): boolean {
  return start.toString('latin1', 0, 4) === '\xd0\xcf\x11\xe0';
}
