import type {JsonSchema} from '../option-kinds.ts';

/** Whether a value is what a schema of an option describes. */
export function fits(schema: JsonSchema, value: unknown): boolean {
  const {type, minimum = -Infinity, maximum = Infinity, pattern = '', anyOf} = schema;
  if (anyOf) return anyOf.some((each) => fits(each, value));
  if (schema.enum) return schema.enum.some((each) => each === value);
  switch (type) {
    case 'integer':
    case 'number':
      return (
        typeof value === 'number' &&
        value >= minimum &&
        value <= maximum &&
        (type === 'number' || Number.isInteger(value))
      );
    case 'array':
      return Array.isArray(value) && value.every((each) => fits(schema.items ?? {}, each));
    case 'object':
      return (
        typeof value === 'object' &&
        value !== null &&
        !Array.isArray(value) &&
        Object.entries(value).every(
          ([key, each]) =>
            fits(schema.propertyNames ?? {}, key) && fits(schema.additionalProperties ?? {}, each),
        )
      );
    case 'boolean':
      return typeof value === 'boolean';
    default:
      return typeof value === 'string' && new RegExp(pattern, 'u').test(value);
  }
}
