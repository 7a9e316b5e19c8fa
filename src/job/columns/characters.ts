/** What is neither a printable character of ASCII nor empty: cells without it need no closer look. */
const beyondPrintableAscii = /[^ -~]/;

/** What Unicode says is not to be shown, and the controls that come from a wrong conversion. */
const invisible = /[\p{Default_Ignorable_Code_Point}\u0080-\u009f]/u;

/** At the ends of a cell. Selectors and tags stay: they belong to the emoji before them. */
const invisibleEnds =
  /^(?:(?![\ufe00-\ufe0f\u{e0020}-\u{e007f}])[\s\p{Default_Ignorable_Code_Point}])+|(?:(?![\ufe00-\ufe0f\u{e0020}-\u{e007f}])[\s\p{Default_Ignorable_Code_Point}])+$/gu;

/** A cell as it is sent: in the composed form (NFC), without spaces and invisible characters at its ends. */
export function cleanCell(cell: string): string {
  const trimmed = cell.trim();
  return beyondPrintableAscii.test(trimmed) ? trimmed.replace(invisibleEnds, '').normalize('NFC') : trimmed;
}

/** Texts that look alike become the same: composed or not, any space of Unicode, invisible characters or none. */
export function foldText(text: string): string {
  if (!beyondPrintableAscii.test(text)) return text;
  return text
    .normalize('NFC')
    .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replaceAll(/[\p{Zs}]/gu, ' ')
    .trim();
}

/** As Rails stores a column of text that has no other limit. */
const storedLength = 255;

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  '#x27': "'",
};

/**
 * Whether a server that shows one text may have been given the other: it may join spaces, end lines in another way, escape
 * what HTML does, compose letters, and cut what is too long.
 */
export function isStoredForm(shown: string, wanted: string): boolean {
  if (shown === wanted) return true;
  const [stored, given] = [shown, wanted].map((text) =>
    foldText(text.replaceAll(/&(#?\w+);/g, (entity, name: string) => entities[name.toLowerCase()] ?? entity))
      .replaceAll(/\s+/g, ' ')
      .trim(),
  ) as [string, string];
  return stored === given || (Array.from(shown).length >= storedLength && given.startsWith(stored));
}

/**
 * Names the first character that misleads a reader: "the 3rd character is U+200B, which is not visible", "the 2nd letter
 * is U+0430, not a Latin a". A word that is written in another script as a whole does not mislead.
 */
export function findMisleading(text: string): string | undefined {
  if (!beyondPrintableAscii.test(text)) return undefined;
  let index = 0;
  for (const part of text.split(/([@.\s])/)) {
    const isMixed = /[a-z]/i.test(part) || Array.from(part).every((character) => asciiLike(character));
    for (const character of part) {
      index++;
      const sort = /\p{L}/u.test(character) ? 'letter' : 'character';
      const like = isMixed ? asciiLike(character) : undefined;
      if (invisible.test(character)) {
        return `the ${ordinal(index)} ${sort} is ${codePoint(character)}, which is not visible`;
      }
      if (like !== undefined) {
        return `the ${ordinal(index)} ${sort} is ${codePoint(character)}, not ${nameOf(like)}`;
      }
    }
  }
  return undefined;
}

/** The text with each look-alike replaced by the character of ASCII. */
export function replaceLookAlikes(text: string): string {
  return Array.from(text, (character) => asciiLike(character) ?? character).join('');
}

export function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

function ordinal(number: number): string {
  const isTeen = number % 100 >= 11 && number % 100 <= 13;
  return `${number}${isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th')}`;
}

function nameOf(character: string): string {
  if (character === '-') return 'a hyphen';
  return /\d/.test(character) ? `the digit ${character}` : `a Latin ${character}`;
}

/** Letters of Cyrillic, Greek, Armenian and rare Latin, each before the Latin letter that it looks like. */
const lookAlikes =
  'аa сc ԁd еe һh іi јj кk ӏl мm оo рp ԛq гr ѕs тt уy хx ԝw АA ВB СC ЕE НH ІI ЈJ КK МM ОO РP ЅS ТT ХX УY ' +
  'αa ιi κk νv οo ρp τt υu χx ϲc ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX օo ոn սu հh ցg ıi ɑa ɡg ʟl ‐- ‑- ‒- –- —- −-';

const asciiByLookAlike: ReadonlyMap<string, string> = new Map(
  lookAlikes.split(' ').map((pair) => Array.from(pair) as [string, string]),
);

function asciiLike(character: string): string | undefined {
  const listed = asciiByLookAlike.get(character);
  if (listed !== undefined || !beyondPrintableAscii.test(character)) return listed;
  // Full-width, mathematical and other forms of the same letter or digit.
  const plain = character.normalize('NFKC');
  return /^[a-z0-9_.@-]$/i.test(plain) ? plain : undefined;
}
