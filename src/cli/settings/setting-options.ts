import {flag, type OptionDefinition, type OptionSet, typedOnly, under} from '../option-kinds.ts';
import {
  doctorOptions,
  globalOptions,
  planOptions,
  removeOptions,
  resolveOptions,
  resumeOptions,
  retryOptions,
  runOptions,
  runsOptions,
  templateOptions,
  validateOptions,
} from '../options.ts';
import {sandboxOptions} from '../server-options.ts';

/** Of options of one name the last one is what the settings file means. */
export const everyOption: OptionSet = {
  ...sandboxOptions,
  ...resolveOptions,
  ...runsOptions,
  ...templateOptions,
  ...validateOptions,
  ...doctorOptions,
  ...resumeOptions,
  ...retryOptions,
  ...removeOptions,
  ...planOptions,
  ...runOptions,
  ...globalOptions,
};

/** What can stand in the settings file. */
export const settingOptions: OptionSet = Object.fromEntries(
  Object.entries(everyOption).filter(([, {typedOnly}]) => typedOnly === undefined),
);

/** It shows what any of the options would be. */
export const configOptions = {
  ...Object.fromEntries(
    Object.entries(settingOptions)
      .filter(([name]) => !(name in globalOptions))
      .map(([name, each]): [string, OptionDefinition] => [name, {...each, hidden: true}]),
  ),
  ...under('Output', typedOnly({schema: flag('the JSON Schema of bulk42.json instead')})),
};
