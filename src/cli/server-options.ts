import {flag, number, path, typedOnly, under} from './option-kinds.ts';
import {outOption, sendingOptions} from './options.ts';

const portOption = {port: {...number('port', 'port on 127.0.0.1 (any free one)', {min: 0}), default: '0'}};

export const uiOptions = {
  ...sendingOptions,
  ...under('Page', {
    ...portOption,
    'no-open': flag('print the address only'),
    demo: flag('rehearse only, as with --sandbox'),
  }),
};

export const sandboxOptions = {
  ...outOption,
  ...under('API', {
    ...typedOnly({
      reset: flag('forget all records of rehearsals in the runs folder, and end'),
      // In the settings file they are those of a client.
      'per-second': {
        ...number('per-second', 'requests a second that it allows; 0 for no limit', {min: 0, isWhole: false}),
        default: '2',
      },
      'per-hour': {...number('per-hour', 'requests an hour; 0 for no limit', {min: 0}), default: '1200'},
    }),
    ...portOption,
    users: {...number('users', 'how many users it knows', {min: 0}), default: '2000'},
    faults: path('a JSON file of faults to inject'),
  }),
};
