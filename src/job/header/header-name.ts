/** Headers and columns are the same without regard to case, spaces, accents, `-`, `_` and the form of an apostrophe. */
export function foldName(name: string): string {
  return name
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('’', "'")
    .replaceAll(/[\s_-]/g, '');
}

export const isForbiddenName = (name: string) => /^(?:__proto__|constructor|prototype)$/i.test(name.trim());

/** A column that an earlier run added. */
export const isBookkeeping = (name: string) => /^bulk42_/i.test(name.trim());
