/**
 * The host that an address means, by one name: the names of this machine are one, a final dot says nothing, and URL
 * has already folded the case and dropped the default port.
 */
export function canonicalHost({hostname, port}: URL): string {
  const name = hostname.replace(/\.$/, '');
  const isThisMachine = name === 'localhost' || name === '[::1]';
  return (isThisMachine ? '127.0.0.1' : name) + (port === '' ? '' : `:${port}`);
}

/** Whether two base URLs, as journals and plans hold them, are of one API. */
export function isSameApi(one: string, other: string): boolean {
  return one === other || canonicalUrl(one) === canonicalUrl(other);
}

function canonicalUrl(text: string): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  return `${url.protocol}//${canonicalHost(url)}${url.pathname.replace(/\/+$/, '')}`;
}
