/** What may be meant, and is more often left behind by a program: it is sent, and the file's warnings tell. */
const doubts: readonly [RegExp, string][] = [
  // What databases write for an empty value.
  [/^(?:null|\\n|nil|[([{<]null[)\]}>])$/i, 'sent as this text; <clear> would clear the field'],
  [/^=[\w.$("+-]/, 'begins with =, as a formula does in whose place its value was meant'],
  [/^'[=+\-@\d]/, 'the apostrophe before it is sent too: spreadsheets and reports use one to mark a text'],
  // But for addresses: x?y=1.
  [
    /^[^/=]*\p{L}\?\p{Ll}[^/=]*$/u,
    'has a question mark inside a word: was a letter lost when the file was saved?',
  ],
];

/** Most texts are none of these, as their first letter shows. */
const mayBeDoubtful = /^['=nN\\([{<]|\?/;

export function doubtfulText(cell: string): string | undefined {
  return mayBeDoubtful.test(cell) ? doubts.find(([form]) => form.test(cell))?.[1] : undefined;
}
