import {commands, nameOf} from '../../src/cli/command-list.ts';
import type {OptionDefinition} from '../../src/cli/option-kinds.ts';
import {globalOptions, toleratedOptions} from '../../src/cli/options.ts';
import {settingOptions} from '../../src/cli/settings/setting-options.ts';

/** The example of the page, which its test puts to work. */
export const exampleSettings = {
  $schema: 'https://unpkg.com/bulk42/schemas/bulk42.schema.json',
  'per-second': 2,
  timezone: 'Europe/Paris',
  'max-changes': '20%',
  jobs: {
    'cursus-users': {set: {cursus_id: 21}},
    patronages: {map: {user_id: 'Filleul', godfather_id: 'Parrain'}, out: 'runs/pairs'},
  },
  profiles: {
    berlin: {'env-file': 'berlin.env', out: 'runs/berlin', timezone: 'Europe/Berlin'},
  },
};

const introduction = `# Configuration

The tables are made from the definitions by \`npm run docs\`. \`bulk42 config\` shows what is in force and where each value
comes from; \`bulk42 config <job>\` shows it for one job, \`--json\` for programs.

## Which value counts

The first of these that holds a value:

1. the command line
2. the environment, and then the \`.env\` file that adds to it
3. the profile that \`--profile\` or \`BULK42_PROFILE\` names
4. \`bulk42.json\`
5. the default

In a profile and in \`bulk42.json\`, what stands under the job goes before what is for all. \`--map\`, \`--set\` and \`--each\`
add up column by column. A flag that a file sets is taken back with \`--quiet=false\`. An option that a command does not
have is ignored there.

## bulk42.json

It is read from the working folder, or from where \`--config\` says. Each key is the long name of an option; options that
can be repeated are objects. Under \`jobs\` stands what is for one job: its name, or the path of a job file of your own.
Under \`profiles\` stands what holds when the profile is named; a profile may hold all that the file may.

\`\`\`json
${JSON.stringify(exampleSettings, null, 2)}
\`\`\`

- Paths start from the folder of \`bulk42.json\`.
- An unknown key, a wrong value or a name of no job is an error (exit 78) that names line and column. The
  [schema](../schemas/bulk42.schema.json) is that of \`bulk42 config --schema\`; with \`$schema\` editors know the keys.
- The options of rows are kept in the journal of their run: \`resume\` and \`retry\` go on with those, whatever the file
  says by then. \`resume\`, \`retry\` and \`undo\` find the settings of their run's job by the run. What names the run itself
  is looked for before that, so give \`--out\` where only the job has another folder.
- A folder may be another's. So no file answers for you (\`yes\` is refused, as are options that say what one command
  does), a command that talks to the API says which settings come from a file, an address that a file names gets only a
  secret of a file beside it, never that of the environment, and \`metrics\` must end in \`.prom\`, so that it replaces no
  other file.
- Secrets are refused: they belong into the environment or an env file.

## Files

| file             | holds                                                                      | where                                                       |
| ---------------- | -------------------------------------------------------------------------- | ----------------------------------------------------------- |
| \`bulk42.json\`    | settings                                                                   | the working folder, or \`--config\`                           |
| \`.env\`           | variables, also the credentials (then \`chmod 600\`), one \`NAME=value\` a line | the working folder, or \`--env-file\`; no folder above it     |
| the runs folder  | a folder for each run, and the records of rehearsals in \`.sandbox\`         | \`runs\`, or \`--out\`                                          |
| the state folder | locks, the requests of the last hour, keys of hashes                       | \`~/.local/state/bulk42\`, or \`bulk42\` in \`XDG_STATE_HOME\` |`;

/** Variables that no option has, with what they mean. */
const otherVariables: [name: string, meaning: string, example: string][] = [
  ['FORTYTWO_UID', 'the uid of the application', 'FORTYTWO_UID=u-s4t2ud-…'],
  ['FORTYTWO_SECRET', 'its secret', 'FORTYTWO_SECRET=s-s4t2ud-…'],
  ['HTTPS_PROXY', 'the proxy to the API; loopback needs none', 'HTTPS_PROXY=http://user:password@proxy:3128'],
  ['HTTP_PROXY', 'the same for a `--notify` address in http', 'HTTP_PROXY=http://proxy:3128'],
  [
    'NO_PROXY',
    'hosts, with their subdomains, that need none; `*` for all',
    'NO_PROXY=hooks.example.org,.campus',
  ],
  ['BULK42_NOTIFY_HEADER', 'a header for `--notify`', 'BULK42_NOTIFY_HEADER=Authorization: Bearer …'],
  [
    'FORTYTWO_SECRET_FILE',
    'a file that holds the secret and nothing else, instead of `FORTYTWO_SECRET`; from a `.env`, its path starts there',
    'FORTYTWO_SECRET_FILE=/run/secrets/fortytwo',
  ],
  [
    'CREDENTIALS_DIRECTORY',
    'set by systemd: where none of these two is set, its file `FORTYTWO_SECRET` holds the secret; not read from `.env`',
    'LoadCredential=FORTYTWO_SECRET:/etc/bulk42/secret',
  ],
  ['XDG_STATE_HOME', 'where the state folder is; not read from `.env`', 'XDG_STATE_HOME=/var/lib'],
  ['NO_COLOR', 'set to anything: no colours; not read from `.env`', 'NO_COLOR=1'],
  ['CI', 'set to anything but `false` or `0`: there is no one to ask; not read from `.env`', 'CI=true'],
  ['TERM', '`dumb`: as where there is no terminal; not read from `.env`', 'TERM=dumb'],
];

/** `docs/configuration.md`. */
export function renderConfiguration(): string {
  return [introduction, variables(), ...groups()].join('\n\n');
}

function variables(): string {
  const own = Object.entries({...settingOptions, ...globalOptions} as Record<
    string,
    OptionDefinition
  >).flatMap(([name, {variable, describe = ''}]) =>
    variable === undefined
      ? []
      : [[variable, `${describe}: as \`--${name}\``, `${variable}=${exampleOf(name) as string}`]],
  );
  const rows = [...otherVariables, ...own].map(([name, meaning, example]) => [
    `\`${name}\``,
    meaning,
    `\`${example}\``,
  ]);
  return [
    '## Variables\n\nOf the environment, or of the `.env` file, which adds to it.',
    table(['variable', 'means', 'example'], rows),
  ].join('\n\n');
}

/** A table of options for each heading of the help. */
function groups(): string[] {
  const options = new Map<string, {option: OptionDefinition; in: string[]}>();
  for (const command of commands.filter((each) => nameOf(each) !== 'config')) {
    for (const [name, option] of Object.entries(command.options)) {
      const known = options.get(name);
      options.set(name, {
        option: settingOptions[name] ?? option,
        in: [...(known?.in ?? []), nameOf(command)],
      });
    }
  }
  for (const [name, option] of Object.entries({...globalOptions, ...toleratedOptions} as Record<
    string,
    OptionDefinition
  >))
    options.set(name, {option, in: name === 'sandbox' ? (options.get(name)?.in ?? []) : ['all']});
  options.set('schema', {
    option: {describe: 'the JSON Schema of bulk42.json', type: 'boolean', typedOnly: '-', group: 'Output:'},
    in: ['config'],
  });
  const headings = [...new Set([...options.values()].map(({option}) => option.group ?? ''))].toSorted();
  return headings.map((heading) => {
    const rows = [...options]
      .filter(([, {option}]) => option.group === heading)
      .toSorted(([one], [other]) => one.localeCompare(other, 'en'))
      .map(([name, {option, in: names}]) => [
        `\`--${name}\``,
        `${option.describe}`,
        option.type === 'boolean' ? 'flag' : (option.takes ?? ''),
        option.default === undefined || option.default === false ? '' : `\`${String(option.default)}\``,
        names.includes('all') ? 'all' : names.join(', '),
        option.typedOnly === undefined
          ? `\`${JSON.stringify(jsonExample(name, option)).replace(/^/, `"${name}": `)}\``
          : 'not there',
      ]);
    const title = `## ${heading.replace(':', '')}`;
    return `${title}\n\n${table(['option', 'does', 'takes', 'default', 'commands', 'in bulk42.json'], rows)}`;
  });
}

const examples: Readonly<Record<string, unknown>> = {
  metrics: '/var/lib/node_exporter/bulk42.prom',
  progress: 'json',
  map: {user_id: 'Login'},
  set: {cursus_id: 9},
  each: {project_id: [1314, 1315]},
  columns: ['user_id', 'godfather_id'],
  'base-url': 'https://api.intra.42.fr',
  'changed-since': 'last',
  'env-file': 'berlin.env',
  'max-changes': '20%',
  'max-failures': 5,
  delimiter: 'semicolon',
  encoding: 'windows-1252',
  faults: 'faults.json',
  lines: '10-40,55',
  notify: 'https://example.org/hook',
  out: 'runs/users',
  profile: 'berlin',
  redis: 'rediss://redis.example.org',
  sheet: 'Élèves',
  timezone: 'Europe/Paris',
  until: '06:30',
};

const exampleOf = (name: string) => {
  const example = examples[name];
  if (example === undefined) throw new Error(`there is no example of ${name} in this file`);
  return example;
};

/** What the settings file may hold for an option. */
export function jsonExample(name: string, {json, default: usual}: OptionDefinition): unknown {
  if (json?.type === 'boolean') return true;
  if (json?.enum) return json.enum.at(-1);
  if (json?.type === 'integer' || json?.type === 'number')
    return Number(usual ?? Math.max(4, json.minimum ?? 0));
  return exampleOf(name);
}

function table(header: readonly string[], rows: readonly (readonly (string | undefined)[])[]): string {
  const line = (cells: readonly (string | undefined)[]) =>
    `| ${cells.map((cell = '') => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}
