import {isRehearsal} from '../../journal/rehearsal.ts';
import type {Replayed} from '../../journal/replay.ts';
import {isRemoval} from '../../journal/run-title.ts';
import {attentionOutcomes, countOf} from '../../outcome.ts';
import {stopSentence} from '../stop-sentence.ts';
import {duration, moment, number, rows} from './format.ts';
import {markup, type Markup} from './markup.ts';

/** How a run ended, in one line. */
interface Headline {
  tone: 'good' | 'attention' | 'stopped';
  text: string;
}

export function headlineOf({header, states: {counts}}: Replayed): Headline {
  const all = header.input.rows;
  const left = counts.not_started;
  const attention = countOf(counts, attentionOutcomes);
  if (attention > 0) {
    const needs = `${number(attention)} of ${rows(all)} ${attention === 1 ? 'needs' : 'need'} attention`;
    return {tone: 'attention', text: left > 0 ? `${needs}, ${number(left)} not sent yet` : needs};
  }
  if (left > 0) return {tone: 'stopped', text: `${number(left)} of ${rows(all)} not sent yet`};
  if (all === 0) return {tone: 'good', text: 'There was no row to send'};
  return {tone: 'good', text: all === 1 ? 'The one row is done' : `All ${rows(all)} are done`};
}

const icons: Readonly<Record<Headline['tone'], string>> = {
  good: 'M6.5 12.5l3.7 3.7 7.3-8',
  attention: 'M12 6.2v7.2M12 17.4v.2',
  stopped: 'M9.3 8v8M14.7 8v8',
};

export function renderHead(replayed: Replayed, summary: string): Markup {
  const {header, left} = replayed;
  const about = isRemoval(header)
    ? `Remove ${header.undoOf === undefined ? 'the records that its rows name' : `what ${header.undoOf} created`}`
    : summary;
  const {tone, text} = headlineOf(replayed);
  const ended = left ? markup` and ended ${moment(left.t)}, after ${duration(left.t - header.t)}` : '';
  return markup`<header class="head ${tone}">
<p class="job"><strong>${jobName(replayed)}</strong> · ${about}${isRehearsal(header) ? ' · a rehearsal: nothing of it reached the 42 API' : ''}</p>
<h1><svg class="icon" aria-hidden="true" viewBox="0 0 24 24"><circle cx="12" cy="12" r="12"/><path d="${icons[tone]}"/></svg><span>${text}</span></h1>
<p class="lede">The run of <bdi>${fileName(header.input.path)}</bdi> to ${isRehearsal(header) ? 'the embedded API' : hostOf(header.baseUrl)} began ${moment(header.t)}${ended}. ${stopSentence(replayed)}</p>
</header>`;
}

/** Which run this is, for a person who is asked about it. */
export function renderAbout(replayed: Replayed): Markup {
  const {header, left, state} = replayed;
  const facts: [string, Markup | string][] = [
    ['Run', markup`<code>${header.run}</code>`],
    ['Job', jobName(replayed)],
  ];
  if (header.undoOf !== undefined) facts.push(['Undoes', markup`<code>${header.undoOf}</code>`]);
  if (header.parent) facts.push(['Retry of', markup`<code>${header.parent.run}</code>`]);
  facts.push(
    ['File', markup`<bdi>${fileName(header.input.path)}</bdi>, ${rows(header.input.rows)}`],
    ['SHA-256 of the file', markup`<code>${header.input.sha256}</code>`],
    ['API', markup`<code>${header.baseUrl}</code>`],
    ['Began', moment(header.t)],
    [
      'Ended',
      left
        ? markup`${moment(left.t)}, ${state}, exit code ${left.code}`
        : 'not yet, or not in an orderly way',
    ],
    ['Program', `bulk42 ${header.tool}`],
  );
  return markup`<section aria-labelledby="about">
<h2 id="about">About this run</h2>
<dl>
${facts.map(
  ([term, fact]) => markup`<div><dt>${term}</dt><dd>${fact}</dd></div>
`,
)}</dl>
</section>`;
}

export function jobName({header}: Replayed): string {
  if (header.undoOf !== undefined) return `undo of ${header.job}`;
  return isRemoval(header) ? `removal from ${header.job}` : header.job;
}

/** Without the folders, which name the machine's user: the page is forwarded. */
function fileName(path: string): string {
  return path === '-' ? 'standard input' : (path.split(/[\\/]/).at(-1) ?? path);
}

function hostOf(baseUrl: string): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).host : baseUrl;
}
