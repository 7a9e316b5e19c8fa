import {listJobs} from '../../../src/job/load-jobs.ts';
import type {Message} from './stage.ts';

const run = 'run users pairs.csv';
const validate = 'validate patronages pairs.csv';
const helpOfRun = ['bulk42 run --help'];
const general = ['bulk42 --help', 'bulk42 <command> --help'];

/** A command line that makes no sense. */
export const commandLine: Message[] = [
  {type: '--verbose', names: ['command'], next: general},
  {type: '-v', names: ['-v'], next: ['--version', '--verbose']},
  {type: 'jobs -quiet', names: ['bulk42 jobs', '-quiet'], next: ['--quiet']},
  {type: 'validate patronages -x.csv', names: ['bulk42 validate', '-x.csv'], next: ['./-x.csv']},
  {type: 'run pairs.csv', names: ['pairs.csv', 'no job'], next: ['bulk42 run patronages pairs.csv']},
  {
    type: 'run other.csv',
    given: ({file}) => file('other.csv', 'colour\nred\n'),
    names: ['other.csv', 'no job'],
    next: ['bulk42 jobs', '--map'],
  },
  ...['pairs.csv patronages', './pairs.csv'].map((typed): Message => ({
    type: `run ${typed}`,
    names: ['pairs.csv', 'no job'],
    next: ['bulk42 run patronages', 'pairs.csv'],
  })),
  {
    type: 'plan pairs.csv patronages',
    names: ['pairs.csv', 'no job'],
    next: ['bulk42 plan patronages pairs.csv'],
  },
  {
    type: 'validate ./pairs.csv more',
    names: ['./pairs.csv', 'no job'],
    next: ['bulk42 validate patronages ./pairs.csv'],
  },
  ...['template', 'jobs'].map((command): Message => ({
    type: `${command} pairs.csv`,
    names: ['pairs.csv', 'no job'],
    next: ['bulk42 run patronages pairs.csv'],
  })),
  ...['run none.csv', 'run none.xlsx patronages', 'validate sub/none.TSV x'].map((type): Message => ({
    type,
    names: [type.split(' ')[1] ?? '', 'no job', 'no such file'],
    next: ['bulk42 run cursus-users piscine.csv', 'bulk42 jobs'],
  })),
  {type: 'rnu', names: ['rnu'], next: ['run']},
  {type: 'valdiate users x.csv', names: ['valdiate'], next: ['validate']},
  {type: 'completoin', names: ['completoin'], next: ['completion']},
  {type: 'frobnicate', names: ['frobnicate'], next: general},
  {type: 'version', names: ['version'], next: ['bulk42 --version']},
  {type: `${run} --pr-hour 3`, names: ['bulk42 run', '--pr-hour'], next: ['--per-hour']},
  {type: 'runs --remvoe=x', names: ['bulk42 runs', '--remvoe'], next: ['--remove']},
  {type: 'jobs --frobnicate', names: ['bulk42 jobs', '--frobnicate'], next: ['bulk42 jobs --help']},
  {type: 'doctor --quiet --nothing', names: ['bulk42 doctor', '--nothing'], next: ['bulk42 doctor --help']},
  {type: `${run} --secret abc`, names: ['bulk42 run', '--secret'], next: []},
  {type: `${validate} more`, names: ['bulk42 validate', 'more'], next: ['bulk42 validate <job> <file>']},
  {type: 'resume', names: ['bulk42 resume <run>'], next: ['bulk42 resume last']},
  {type: 'resolve last --line 3', names: ['--as'], next: ['bulk42 resolve last --line 12 --as applied']},
  {type: 'resolve last', names: ['--line', '--as'], next: ['bulk42 resolve last --line 12 --as applied']},
  {type: 'run', names: ['job', 'CSV file'], next: ['bulk42 run cursus-users piscine.csv', 'bulk42 jobs']},
  {
    type: 'run patronages',
    names: ['CSV file', 'patronages'],
    next: ['bulk42 run patronages rows.csv', 'bulk42 template patronages > rows.csv'],
  },
  {
    type: 'resolve last --line 3 --as aplied',
    names: ['--as', '"aplied"', '"applied"', '"not-applied"'],
    next: ['bulk42 resolve --help'],
  },
  {type: `${run} --existing overwrite`, names: ['--existing', '"overwrite"', '"skip"'], next: helpOfRun},
  {type: `${run} --settle`, names: ['--settle'], next: helpOfRun},
  {type: 'runs --remove', names: ['--remove'], next: ['bulk42 runs --help']},
  {type: `${run} --limit 0`, names: ['--limit', '"0"', '1'], next: helpOfRun},
  {type: `${run} --per-second 0`, names: ['--per-second', '"0"', '0.01'], next: helpOfRun},
  {type: 'sandbox --port many', names: ['--port', '"many"', '0'], next: ['bulk42 sandbox --help']},
  {type: `${run} --set cursus`, names: ['--set', '"cursus"', 'column=value'], next: helpOfRun},
  {type: `${run} --map cursus`, names: ['--map', '"cursus"', 'column=Header'], next: helpOfRun},
  {type: `${run} --until 25:00`, names: ['--until', '"25:00"', '06:30'], next: helpOfRun},
  {
    type: `${run} --notify hooks.example.org/42`,
    names: ['--notify', '"hooks.example.org/42"', 'https://example.org/hook'],
    next: helpOfRun,
  },
  {
    type: `${run} --max-failures 101%`,
    names: ['--max-failures', '"101%"'],
    next: ['--max-failures 5', '--max-failures 10%'],
  },
  {
    type: `${run} --max-changes some`,
    names: ['--max-changes', '"some"'],
    next: ['--max-changes 5', '--max-changes 10%'],
  },
  {type: `${validate} --lines 3-2`, names: ['--lines', '"3-2"'], next: ['--lines 10-40,55']},
  {type: `${validate} --lines 90-91`, names: ['pairs.csv', '--lines 90-91'], next: ['line 1', 'line 3']},
  {
    type: `${validate} --timezone Paris`,
    names: ['--timezone', 'Paris'],
    next: ['Europe/Paris', 'America/New_York', 'UTC'],
  },
  {
    type: `${validate} --encoding latin`,
    names: ['latin'],
    next: ['--encoding', 'utf-8', 'utf-16', 'utf-16le', 'utf-16be', 'windows-1252'],
  },
  {
    type: `${validate} --delimiter x`,
    names: ['"x"'],
    next: ['--delimiter', 'comma', 'semicolon', 'tab', 'pipe'],
  },
  {
    type: 'run patronages pairs.csv',
    code: 'nobody_to_ask',
    names: ['terminal', 'standard input'],
    next: ['bulk42 plan', '--yes'],
  },
  {type: 'run patronages pairs.csv', answer: 'n', code: 'declined', names: [], next: undefined},
  {
    type: 'jobs patronagse',
    code: 'unknown_job',
    names: ['patronagse'],
    next: ['patronages?', ...(await listJobs()), './patronagse.ts'],
  },
];
