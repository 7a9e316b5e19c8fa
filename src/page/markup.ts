/** Text that is markup already. Everything else that goes into a page is escaped. */
export interface Markup {
  readonly markup: string;
}

export type Part = Markup | string | number | undefined | readonly Part[];

/**
 * Markup with values in it. A value is text, whatever it holds: only what `markup` itself made goes in unescaped, so
 * that no cell and no message of the API can become part of the page's own markup.
 */
export function markup(literals: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return {markup: literals.reduce((written, literal, at) => written + write(parts[at - 1]) + literal)};
}

/** For the page's own style and script, which are constants of this program. */
export function verbatim(text: string): Markup {
  return {markup: text};
}

function write(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'string') return part.replace(special, (character) => references[character] ?? '');
  if (typeof part === 'number') return String(part);
  return 'markup' in part ? part.markup : part.map(write).join('');
}

// A parser would make a line feed of a carriage return, and drops NUL.
// oxlint-disable-next-line no-control-regex -- it is what is looked for
const special = /[&<>"'\r\0]/g;
const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\r': '&#13;',
  '\0': '\ufffd',
};
