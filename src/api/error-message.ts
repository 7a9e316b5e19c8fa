import {isRecord} from '../http/parse-json.ts';

/**
 * The words of an error of the API, whichever of its shapes it has. They are whole: of any length, and with what the
 * request held.
 */
export function errorMessage(json: unknown): string {
  if (!isRecord(json)) return '';
  const {error, errors, message} = json;
  const words: string[] = [];
  if (typeof error === 'string') words.push(error);
  if (typeof message === 'string') words.push(message);
  if (Array.isArray(errors)) words.push(...errors.filter((each) => typeof each === 'string'));
  if (isRecord(errors)) words.push(...fieldMessages(errors));
  return words.join(': ');
}

function fieldMessages(errors: Record<string, unknown>): string[] {
  return Object.entries(errors).map(([field, value]) => `${field} ${textOf(value)}`);
}

/** Never by `String`: JSON can hold an object that it throws for. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  if (isRecord(value)) return fieldMessages(value).join(', ');
  return String(value);
}
