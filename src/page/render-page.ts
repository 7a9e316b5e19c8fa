import {createHash} from 'node:crypto';
import {markup, type Markup, verbatim} from './markup.ts';
import {script} from './script.ts';
import {style} from './style.ts';

export interface Page {
  title: string;
  head: Markup;
  main: Markup;
  /** Whether it has a list of rows, to which a link skips. */
  hasRows: boolean;
  /** What it was made from. */
  footer: string;
}

/**
 * A page for people, in one file that can be opened anywhere and forwarded. It loads nothing, and its policy lets
 * nothing run but its own script.
 */
export function renderPage({title, head, main, hasRows, footer}: Page): string {
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
${verbatim(pageMark)}
<title>${title} · bulk42</title>
<style>${verbatim(style)}</style>
</head>
<body>
${hasRows ? markup`<a class="skip" href="#rows">Skip to the rows</a>` : ''}
<div class="page">
${head}
<main>
${main}
</main>
<footer><p>${footer} This page loads nothing from anywhere and sends nothing.</p></footer>
</div>
<p class="announcement" id="announcement" aria-live="polite"></p>
<script>${verbatim(script)}</script>
</body>
</html>
`;
  return page.markup;
}

/** By which a page of this program is told from any other file. */
export const pageMark = '<meta name="generator" content="bulk42">';

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
