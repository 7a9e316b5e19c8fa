import {createHash} from 'node:crypto';
import type {Replayed} from '../../journal/replay.ts';
import {markup, verbatim} from './markup.ts';
import {renderAttention} from './render-attention.ts';
import {headlineOf, jobName, renderAbout, renderHead} from './render-head.ts';
import {renderOutcomes} from './render-outcomes.ts';
import {renderRequests} from './render-requests.ts';
import {renderRows} from './render-rows.ts';
import {script} from './script.ts';
import type {PageInput, SelectedRows} from './select-rows.ts';
import {style} from './style.ts';

/**
 * `report.html`: a run for people, in one file that can be opened anywhere and forwarded. It loads nothing, and its
 * policy lets nothing run but its own script. Of the rows it shows the key columns alone. A function of the journal
 * and the CSV file: no clock, no locale, no time zone.
 */
export function renderPage(replayed: Replayed, input: PageInput, {causes, rows}: SelectedRows): string {
  const {header, states, timeline} = replayed;
  const {counts} = states;
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${headlineOf(replayed).text} · ${jobName(replayed)} · bulk42</title>
<style>${verbatim(style)}</style>
</head>
<body>
<a class="skip" href="#rows">Skip to the rows</a>
<div class="page">
${renderHead(replayed, input.job.definition.summary)}
<main>
${renderOutcomes(counts, header.input.rows)}
${renderAttention({run: header.run, undoOf: header.undoOf, causes, notStarted: counts.not_started})}
${renderRequests({timeline, totals: states.requests})}
${renderRows({all: header.input.rows, isUndo: header.undoOf !== undefined, counts, selected: rows, keys: input.keyColumns.map(({name}) => name)})}
${renderAbout(replayed)}
</main>
<footer><p>Made by bulk42 from the journal of the run. This page loads nothing from anywhere and sends nothing.</p></footer>
</div>
<script>${verbatim(script)}</script>
</body>
</html>
`;
  return page.markup;
}

const policy = [
  "default-src 'none'",
  `script-src ${hashOf(script)}`,
  `style-src ${hashOf(style)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
