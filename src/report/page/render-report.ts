import {isRehearsal} from '../../journal/rehearsal.ts';
import type {Replayed} from '../../journal/replay.ts';
import {isRemoval} from '../../journal/run-title.ts';
import {attentionOutcomes, countOf, outcomes} from '../../outcome.ts';
import {duration, moment, number, rows} from '../../page/format.ts';
import {markup, type Markup} from '../../page/markup.ts';
import {fileName, type Headline, hostOf, renderAbout, renderHead} from '../../page/render-head.ts';
import {renderPage} from '../../page/render-page.ts';
import {renderShares} from '../../page/render-shares.ts';
import {stopSentence} from '../stop-sentence.ts';
import {outcomeWords} from './outcome-words.ts';
import {renderAttention} from './render-attention.ts';
import {renderRequests} from './render-requests.ts';
import {renderRows} from './render-rows.ts';
import type {PageInput, SelectedRows} from './select-rows.ts';

/**
 * `report.html`: a run for people. Of the rows it shows the key columns, and their other cells when they are asked for. A
 * function of the journal and the CSV file: no clock, no locale, and the time zone of the run alone.
 */
export function renderReport(replayed: Replayed, input: PageInput, {causes, rows}: SelectedRows): string {
  const {header, states, timeline} = replayed;
  const {counts} = states;
  const {timezone} = header.shape;
  const headline = headlineOf(replayed);
  const shares = outcomes.map((outcome) => ({
    tone: outcome,
    ...outcomeWords[outcome],
    count: counts[outcome],
  }));
  const requests = renderRequests({timeline, totals: states.requests, timezone});
  const table = renderRows({
    all: header.input.rows,
    isUndo: header.undoOf !== undefined,
    counts,
    selected: rows,
    keys: input.keyColumns.map(({name}) => name),
  });
  const attention = renderAttention({
    run: header.run,
    undoOf: header.undoOf,
    causes,
    notStarted: counts.not_started,
  });
  return renderPage({
    title: `${headline.text} · ${jobName(replayed)}`,
    head: renderReportHead(replayed, headline, input.job.definition.summary),
    // Where all went well the rows are what is looked for.
    main: markup`${renderShares('Rows by outcome', shares, header.input.rows)}
${attention}
${headline.tone === 'good' ? [table, requests] : [requests, table]}
${aboutRun(replayed)}`,
    hasRows: true,
    footer: 'Made by bulk42 from the journal of the run.',
  });
}

function headlineOf({header, states: {counts}}: Replayed): Headline {
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

function renderReportHead(replayed: Replayed, headline: Headline, summary: string): Markup {
  const {header, left} = replayed;
  const {timezone} = header.shape;
  const about = isRemoval(header)
    ? `Remove ${header.undoOf === undefined ? 'the records that its rows name' : `what ${header.undoOf} created`}`
    : summary;
  const rehearsal = isRehearsal(header) ? ' · a rehearsal: nothing of it reached the 42 API' : '';
  const ended = left
    ? markup` and ended ${moment(left.t, timezone)}, after ${duration(left.t - header.t)}`
    : '';
  const target = isRehearsal(header) ? 'the embedded API' : hostOf(header.baseUrl);
  return renderHead(
    headline,
    jobName(replayed),
    about + rehearsal,
    markup`The run of <bdi>${fileName(header.input.path)}</bdi> to ${target} began ${moment(header.t, timezone)}${ended}. ${stopSentence(replayed)}`,
  );
}

/** Which run this is, for a person who is asked about it. */
function aboutRun(replayed: Replayed): Markup {
  const {header, left, state} = replayed;
  const {timezone} = header.shape;
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
    ['Began', moment(header.t, timezone)],
    [
      'Ended',
      left
        ? markup`${moment(left.t, timezone)}, ${state}, exit code ${left.code}`
        : 'not yet, or not in an orderly way',
    ],
    ['Program', `bulk42 ${header.tool}`],
  );
  return renderAbout('About this run', facts);
}

function jobName({header}: Replayed): string {
  if (header.undoOf !== undefined) return `undo of ${header.job}`;
  return isRemoval(header) ? `removal from ${header.job}` : header.job;
}
