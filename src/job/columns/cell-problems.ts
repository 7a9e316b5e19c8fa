import type {Problem} from '../row.ts';
import {codePoint} from './characters.ts';

/** Each check reads a cell once, from left to right, so that a cell of 100 KB costs no more than its length. */

const wholeNumber = /^-?\d+$/;

export function integerProblem(cell: string, min: number, max: number): Problem | undefined {
  if (!wholeNumber.test(cell))
    return {code: 'invalid_integer', message: 'not a whole number', hint: numberHint(cell)};
  const value = cell.length > 17 ? Number.NaN : Number(cell);
  if (!Number.isSafeInteger(value)) {
    return {code: 'out_of_range', message: 'a number too large to be exact', hint: 'check the digits'};
  }
  if (value < min) return {code: 'out_of_range', message: `less than ${min}`, hint: `write ${min} or more`};
  if (value > max) return {code: 'out_of_range', message: `more than ${max}`, hint: `write ${max} or less`};
  return undefined;
}

function numberHint(cell: string): string {
  if (cell.length > 40) return digitsOnly;
  if (/^\+\d+$/.test(cell)) return `write ${cell.slice(1)}, without +`;
  if (/^-?\d+[.,]0+$/.test(cell)) return `write ${cell.split(/[.,]/)[0]}, without decimals`;
  if (/^\d{1,3}(?:[ ,.’'\u00A0\u202F]\d{3})+$/.test(cell)) {
    return `write ${cell.replaceAll(/\D/g, '')}, without thousands separators`;
  }
  if (/^[\d.,]+e[+-]?\d+$/i.test(cell)) {
    return 'a spreadsheet shortened the number: format the column as text and write all digits';
  }
  return digitsOnly;
}

const digitsOnly = 'write digits only';

const loginForm = /^[a-z0-9._-]+$/i;
const maxLoginLength = 64;

/** For what is no id: a login needs a letter, so that -5 and 12.0 are not looked up as logins. */
export function userProblem(cell: string): Problem | undefined {
  const problem = (message: string, hint: string) => ({code: 'invalid_user', message, hint});
  if (cell.length > maxLoginLength) return problem('too long for a login', 'write one id or one login');
  if (loginForm.test(cell) && /[a-z]/i.test(cell)) return undefined;
  if (/^[+-]?[\d.,]/.test(cell) && numberHint(cell) !== digitsOnly) return notAnId(cell);
  if (/[,;\s]/.test(cell)) return problem('more than one word', 'one user in a cell: an id or a login');
  if (cell.includes('@')) return problem('an e-mail address is not a login', 'write the id or the login');
  if (/^[+-]?\d/.test(cell)) return notAnId(cell);
  return problem('neither an id nor a login', 'a login has letters, digits, dots, dashes and underscores');
}

function notAnId(cell: string): Problem {
  return {
    code: 'invalid_user',
    message: 'neither an id nor a login',
    hint: `an id is a positive number: ${numberHint(cell)}`,
  };
}

// oxlint-disable-next-line no-control-regex -- they are what is looked for
const control = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/;

export function textProblem(cell: string, maxLength = Infinity): Problem | undefined {
  // As the API counts them: an emoji is one character.
  if (cell.length > maxLength && Array.from(cell).length > maxLength) {
    return {code: 'too_long', message: `longer than ${maxLength} characters`, hint: 'shorten it'};
  }
  const found = control.exec(cell)?.[0];
  if (found === undefined) return undefined;
  return {
    code: 'invalid_text',
    message: `holds a control character, ${codePoint(found)}`,
    hint: 'remove what is not visible from the cell',
  };
}

const forbiddenInEmail = /[\s\p{Cc},;:<>()[\]"\\|]/u;
const domainLabel = /^[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?$/u;

/** name@domain.tld, no more: only a delivered mail proves an address. */
export function emailProblem(cell: string): Problem | undefined {
  const problem = {
    code: 'invalid_email',
    message: 'not an e-mail address',
    hint: 'write it as name@example.org',
  };
  if (cell.length > 254 || forbiddenInEmail.test(cell)) return problem;
  const [name = '', domain = '', ...more] = cell.split('@');
  const labels = domain.split('.');
  const sound =
    more.length === 0 &&
    name.length > 0 &&
    name.split('.').every((part) => part.length > 0) &&
    labels.length > 1 &&
    labels.every((label) => label.length <= 63 && domainLabel.test(label));
  return sound ? undefined : problem;
}

/** Only files of this machine: no address, no network share, no device name in disguise. */
export function fileProblem(cell: string): Problem | undefined {
  if (
    !control.test(cell) &&
    !/[\n\r\t]/.test(cell) &&
    !/^[a-z][a-z0-9+.-]+:/i.test(cell) &&
    !/^(\\\\|\/\/)/.test(cell)
  ) {
    return undefined;
  }
  return {
    code: 'invalid_file',
    message: 'not the path of a file',
    hint: 'write a path relative to the CSV file, as in photos/jeanne.png',
  };
}
