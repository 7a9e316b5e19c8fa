import type {Message} from './stage.ts';

const type = 'plan patronages pairs.csv';
const usual = ['https://api.intra.42.fr'];

/** Settings of the environment, and folders, that cannot be used. */
export const environment: Message[] = [
  {
    type,
    env: {FORTYTWO_UID: '', FORTYTWO_SECRET: ''},
    exit: 78,
    code: 'credentials_missing',
    names: ['FORTYTWO_UID', 'FORTYTWO_SECRET'],
    next: ['.env', 'chmod 600', '--sandbox'],
  },
  {
    type,
    env: {NODE_TLS_REJECT_UNAUTHORIZED: '0'},
    exit: 78,
    code: 'tls_off',
    names: ['NODE_TLS_REJECT_UNAUTHORIZED=0'],
    next: [],
  },
  ...[
    'http://api.intra.42.fr',
    'http://127.0.0.1.example.org',
    'ftp://api.intra.42.fr',
    'https://user:pass@api.intra.42.fr',
    'api.intra.42.fr',
    'https://api.intra.42.fr/v2',
  ].map((url): Message => ({
    type,
    env: {FORTYTWO_BASE_URL: url},
    exit: 78,
    code: 'base_url',
    names: ['FORTYTWO_BASE_URL'],
    next: usual,
  })),
  {
    type,
    env: {BULK42_REDIS_URL: 'http://:hush@127.0.0.1:6379'},
    exit: 78,
    code: 'redis_url',
    names: ['Redis'],
    next: ['redis://host:6379', 'rediss://user:password@host:6380/0', '--redis', 'BULK42_REDIS_URL'],
  },
  {
    type,
    given: ({file}) => file('.env', 'FORTYTWO_SECRET=hush', 0o644),
    exit: 78,
    code: 'secret_readable',
    names: ['<folder>/.env'],
    next: ['chmod 600 <folder>/.env'],
  },
  {
    type,
    given: ({file}) => file('.env/x', ''),
    exit: 78,
    code: 'env_unreadable',
    names: ['<folder>/.env', 'EISDIR'],
    next: [],
  },
  {
    type,
    given: ({file}) => file('.env', Buffer.from('FORTYTWO_UID=\xe9', 'latin1')),
    exit: 78,
    code: 'env_encoding',
    names: ['<folder>/.env', 'UTF-8'],
    next: ['UTF-8'],
  },
  {
    type,
    given: ({file}) => file('.env', 'FORTYTWO_\u200bBASE_URL=http://127.0.0.1:1'),
    exit: 78,
    code: 'env_name',
    names: ['<folder>/.env', 'FORTYTWO_BASE_URL'],
    next: ['line'],
  },
  {
    type: 'run patronages pairs.csv --yes --out pairs.csv/runs',
    exit: 74,
    code: 'disk_enotdir',
    names: ['pairs.csv/runs', 'ENOTDIR'],
    next: ['--out'],
  },
];
