/** What one file may hold. They keep memory flat when a quote is never closed, and name a wrong file early. */
export const maxCellCharacters = 65_536;
export const maxColumns = 500;
/** UTF-8 bytes of one header name. */
export const maxNameBytes = 256;
/** Characters of all cells of a row. */
export const maxRowCharacters = 2 * 1024 * 1024;
