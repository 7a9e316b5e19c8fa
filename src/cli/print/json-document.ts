import {formatVersion} from '../../version.ts';
import {toPrintableJson} from './escape-control-characters.ts';

/** A JSON document for stdout, with the version of its format: a list has it in each item. */
export function jsonDocument(content: object | readonly object[], indent?: number): string {
  const versioned = (item: object) => ({formatVersion, ...item});
  return toPrintableJson(Array.isArray(content) ? content.map(versioned) : versioned(content), indent);
}
