import type {Message} from './messages-stage.ts';

const general = 'bulk42 --help lists the commands, bulk42 <command> --help its options';
const optionsOfRun = 'bulk42 run --help tells what each option takes';
const valid = 'validate patronages pairs.csv';

/** What is said about a command line that makes no sense. */
export const usageMessages: Message[] = [
  {type: '--verbose', exit: 2, says: 'name a command', hint: general},
  {type: 'rnu', exit: 2, says: 'there is no command rnu', hint: 'did you mean run?'},
  {
    type: 'valdiate users x.csv',
    exit: 2,
    says: 'there is no command valdiate',
    hint: 'did you mean validate?',
  },
  {type: 'completoin', exit: 2, says: 'there is no command completoin', hint: 'did you mean completion?'},
  {type: 'frobnicate', exit: 2, says: 'there is no command frobnicate', hint: general},
  {
    type: 'run users pairs.csv --pr-hour 3',
    exit: 2,
    says: 'bulk42 run has no option --pr-hour',
    hint: 'did you mean --per-hour?',
  },
  {
    type: 'runs --remvoe=x',
    exit: 2,
    says: 'bulk42 runs has no option --remvoe',
    hint: 'did you mean --remove?',
  },
  {
    type: 'jobs --frobnicate',
    exit: 2,
    says: 'bulk42 jobs has no option --frobnicate',
    hint: 'bulk42 jobs --help lists them',
  },
  {
    type: 'validate users pairs.csv more',
    exit: 2,
    says: 'bulk42 validate does not know what to do with more',
    hint: 'its form is: bulk42 validate <job> <file>',
  },
  {
    type: 'resume',
    exit: 2,
    says: 'something is missing: bulk42 resume <run>',
    hint: 'as in: bulk42 resume last',
  },
  {
    type: 'resolve last --line 3',
    exit: 2,
    says: '--as is missing',
    hint: 'as in: bulk42 resolve last --line 12 --as applied',
  },
  {
    type: 'resolve last',
    exit: 2,
    says: '--line and --as are missing',
    hint: 'as in: bulk42 resolve last --line 12 --as applied',
  },
  {type: 'version', exit: 2, says: 'there is no command version', hint: 'bulk42 --version'},
  {
    type: 'run patronages',
    exit: 2,
    says: 'name a CSV file for patronages',
    hint: 'bulk42 run patronages rows.csv; bulk42 template patronages > rows.csv begins one',
  },
  {
    type: 'resolve last --line 3 --as aplied',
    exit: 2,
    says: '--as takes "applied", "not-applied", not "aplied"',
    hint: 'bulk42 resolve --help tells what each option takes',
  },
  {type: 'run users pairs.csv --settle', exit: 2, says: '--settle needs a value', hint: optionsOfRun},
  {
    type: 'run users pairs.csv --limit 0',
    exit: 2,
    says: '--limit takes a whole number of at least 1, not "0"',
    hint: optionsOfRun,
  },
  {
    type: 'sandbox --port many',
    exit: 2,
    says: '--port takes a whole number of at least 0, not "many"',
    hint: 'bulk42 sandbox --help tells what each option takes',
  },
  {
    type: 'run users pairs.csv --set cursus',
    exit: 2,
    says: '--set takes column=value (cursus_id=9), not "cursus"',
    hint: optionsOfRun,
  },
  {
    type: 'run patronages pairs.csv --until 25:00',
    exit: 2,
    says: '--until takes a time of day such as 06:30, not "25:00"',
    hint: optionsOfRun,
  },
  {
    type: 'run patronages pairs.csv --notify hooks.example.org/42',
    exit: 2,
    says: '--notify takes an address such as https://example.org/hook, not "hooks.example.org/42"',
    hint: optionsOfRun,
  },
  {
    type: 'run patronages pairs.csv --max-failures some',
    exit: 2,
    says: '--max-failures takes a number of rows or a percentage, not "some"',
    hint: optionsOfRun,
  },
  {
    type: `${valid} --lines 3-2`,
    exit: 2,
    says: '--lines cannot read "3-2"',
    hint: 'write lines and ranges with commas between them, for example --lines 10-40,55 (the header is line 1)',
  },
  {
    type: `${valid} --lines 90-91`,
    exit: 2,
    says: 'no row of pairs.csv is on --lines 90-91',
    hint: 'the header is line 1, and the file has 3 lines',
  },
  {
    type: `${valid} --timezone Paris`,
    exit: 2,
    says: '--timezone Paris is no time zone',
    hint: 'use a name such as Europe/Paris, America/New_York or UTC',
  },
  {
    type: `${valid} --encoding latin`,
    exit: 2,
    says: 'the encoding latin is not known',
    hint: 'give --encoding utf-8, utf-16, utf-16le, utf-16be or windows-1252',
  },
  {
    type: `${valid} --delimiter x`,
    exit: 2,
    says: '"x" is no delimiter that is known',
    hint: 'give --delimiter comma, semicolon, tab or pipe',
  },
  {
    type: 'run',
    exit: 2,
    says: 'name a job and a CSV file',
    hint: 'bulk42 run cursus-users piscine.csv; bulk42 jobs lists the jobs',
  },
  {
    type: 'run patronages pairs.csv',
    exit: 2,
    says: 'there is nobody to ask: this is no terminal, or the rows come from standard input',
    hint: 'look at it with bulk42 plan, then give --yes',
  },
  {
    type: 'run patronages pairs.csv',
    answer: 'n',
    exit: 2,
    says: 'the answer was no; nothing was sent',
    hint: '',
  },
  {
    type: 'jobs patronagse',
    exit: 2,
    says: 'there is no job patronagse',
    hint: 'did you mean patronages? jobs: closes, cursus-users, patronages, user-candidatures, users; a job of your own is named by its path, as in ./patronagse.ts',
  },
];

/** What is said about the environment. */
export const environmentMessages: Message[] = [
  {
    type: 'doctor --quiet --nothing',
    exit: 2,
    says: 'bulk42 doctor has no option --nothing',
    hint: 'bulk42 doctor --help lists them',
  },
  {
    type: 'plan patronages pairs.csv',
    env: {FORTYTWO_UID: '', FORTYTWO_SECRET: ''},
    exit: 78,
    says: 'FORTYTWO_UID and FORTYTWO_SECRET not set',
    hint: 'set them in the environment or in a .env file (chmod 600), or try without: --sandbox',
  },
  {
    type: 'plan patronages pairs.csv',
    env: {NODE_TLS_REJECT_UNAUTHORIZED: '0'},
    exit: 78,
    says: 'NODE_TLS_REJECT_UNAUTHORIZED=0 would send secrets to anyone',
    hint: 'unset it',
  },
  {
    type: 'plan patronages pairs.csv',
    env: {FORTYTWO_BASE_URL: 'http://api.intra.42.fr'},
    exit: 78,
    says: 'FORTYTWO_BASE_URL must begin with https://',
    hint: 'it is https://api.intra.42.fr unless you test against another server',
  },
  {
    type: 'plan patronages pairs.csv',
    env: {FORTYTWO_BASE_URL: 'https://api.intra.42.fr/v2'},
    exit: 78,
    says: 'FORTYTWO_BASE_URL must not end in /v2, which is added to it',
    hint: 'it is https://api.intra.42.fr unless you test against another server',
  },
  {
    type: 'plan patronages pairs.csv',
    env: {BULK42_REDIS_URL: 'http://:hush@127.0.0.1:6379'},
    exit: 78,
    says: 'the URL of Redis is not one that bulk42 can use',
    hint: 'it is redis://host:6379 or rediss://user:password@host:6380/0, in --redis or BULK42_REDIS_URL',
  },
  {
    type: 'plan patronages pairs.csv',
    given: ({file}) => file('.env', 'FORTYTWO_SECRET=hush', 0o644),
    exit: 78,
    says: '<folder>/.env holds a secret and other users of this machine may read it',
    hint: 'chmod 600 .env',
  },
  {
    type: 'run patronages pairs.csv --yes --out pairs.csv/runs',
    exit: 74,
    says: 'the runs folder pairs.csv/runs cannot be written (ENOTDIR)',
    hint: 'choose another folder with --out',
  },
];
