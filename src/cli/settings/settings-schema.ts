import {jobPath} from '../../job/load-jobs.ts';
import type {OptionDefinition} from '../option-kinds.ts';
import {settingOptions} from './setting-options.ts';

/** The JSON Schema of `bulk42.json`, made from the definitions of the options. */
export function settingsSchema(jobs: readonly string[]): object {
  const names = Object.keys(settingOptions).toSorted();
  const options = Object.fromEntries(names.map((name) => [name, {$ref: `#/$defs/${name}`}]));
  const object = (properties: object) => ({type: 'object', additionalProperties: false, properties});
  const jobName = {type: 'string', anyOf: [{enum: jobs}, {pattern: jobPath.source}]};
  const level = {
    ...options,
    jobs: {
      description: 'what holds for one job: its name, or the path of a job file of your own',
      type: 'object',
      propertyNames: jobName,
      additionalProperties: object(options),
    },
  };
  const profiles = {
    description: 'what holds with --profile or BULK42_PROFILE',
    type: 'object',
    additionalProperties: object(level),
  };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'https://unpkg.com/bulk42/schemas/bulk42.schema.json',
    title: 'Settings of bulk42',
    ...object({$schema: {type: 'string'}, ...level, profiles}),
    $defs: Object.fromEntries(names.map((name) => [name, definitionOf(settingOptions[name] ?? {})])),
  };
}

function definitionOf({describe = '', json, default: usual}: OptionDefinition): object {
  const isNumber = json?.type === 'integer' || json?.type === 'number';
  return {
    description: describe,
    ...json,
    ...(usual !== undefined && {default: isNumber ? Number(usual) : (usual as unknown)}),
  };
}
