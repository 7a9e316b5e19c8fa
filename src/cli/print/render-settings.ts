import {findSecret, type Origin} from '../../config.ts';
import {settingOptions} from '../settings/setting-options.ts';
import type {Setting, Settings} from '../settings/resolve-settings.ts';
import type {Terminal} from '../terminal.ts';
import {renderTable} from './render-table.ts';

/** Whether a credential is set, and where. Its value is shown nowhere. */
interface Credential {
  name: string;
  isSet: boolean;
  file: string | undefined;
}

/** What files of the folder say, for the person who is about to send: undefined where they say nothing. */
export function renderFromFile({all, file, profile}: Settings): string | undefined {
  const found = all.filter(({origin}) => origin.from === 'profile' || origin.from === 'file').map(nameOf);
  const place = profile === undefined ? file : `${file}, profile ${profile}`;
  return found.length > 0 ? `set by ${place}: ${found.join(', ')}` : undefined;
}

/** A table of what is in force. Options that have no value at all are left out. */
export function renderSettings(settings: Settings, terminal: Pick<Terminal, 'resultWidth'>): string {
  const {file, profile} = settings;
  const rows = [
    ...shownOf(settings).map((setting) => [nameOf(setting), shown(setting), wordsOf(setting.origin)]),
    ...credentialsOf(settings).map(({name, isSet, file: within}) => [
      name,
      isSet ? 'set' : 'not set',
      isSet ? wordsOf({from: 'environment', ...(within && {file: within})}) : '',
    ]),
  ];
  return [
    `settings file: ${file ?? 'none (bulk42.json in this folder, or --config)'}`,
    `profile: ${profile ?? 'none'}`,
    '',
    renderTable(['setting', 'value', 'from'], rows, terminal.resultWidth()),
  ].join('\n');
}

export function settingsDocument(settings: Settings, job: string | undefined): object {
  const {file = null, profile = null} = settings;
  return {
    file,
    profile,
    job: job ?? null,
    settings: Object.fromEntries(
      shownOf(settings).map((setting) => {
        const {from, ...place} = setting.origin;
        return [nameOf(setting), {value: readable(setting), origin: from, ...place}];
      }),
    ),
    credentials: Object.fromEntries(
      credentialsOf(settings).map(({name, isSet, file: within}) => [
        name,
        {isSet, ...(isSet && {origin: 'environment'}), ...(within && {file: within})},
      ]),
    ),
  };
}

const shownOf = ({all}: Settings) =>
  all
    .filter(({option}) => option in settingOptions)
    .toSorted((one, other) => nameOf(one).localeCompare(nameOf(other), 'en'));

const nameOf = ({option, column}: Setting) => (column === undefined ? option : `${option}.${column}`);

/** A number as one, and what was made of other values as it was written. */
function readable({option, text, value}: Setting): unknown {
  const {type} = settingOptions[option]?.json ?? {};
  if (type === 'integer' || type === 'number' || type === 'boolean') return value;
  return withoutPassword([text].flat().at(-1));
}

function shown(setting: Setting): string {
  const value = readable(setting);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Addresses may hold a password, and the path of a web hook is one. */
function withoutPassword(text: unknown): unknown {
  if (typeof text !== 'string' || !/^[a-z]+:\/\//i.test(text)) return text;
  if (!URL.canParse(text)) return 'set';
  const {protocol, host, pathname} = new URL(text);
  return `${protocol}//${host}${pathname.length > 1 ? '/…' : ''}`;
}

function wordsOf({from, file, key}: Origin): string {
  const place = [file, key].filter((part) => part !== undefined).join(', ');
  return place === '' ? from : `${from} (${place})`;
}

function credentialsOf({variables}: Settings): Credential[] {
  const secret = findSecret(variables);
  const secretFile = secret && ('path' in secret ? secret.path : secret.file);
  const uid = variables('FORTYTWO_UID');
  return [
    {name: 'FORTYTWO_UID', isSet: uid !== undefined, file: uid?.file},
    {name: 'FORTYTWO_SECRET', isSet: secret !== undefined, file: secretFile},
  ];
}
