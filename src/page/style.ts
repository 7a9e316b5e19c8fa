import {type Outcome, outcomes} from '../outcome.ts';

/** Colours of the outcomes, on light and on dark ground. */
const tones: Readonly<Record<Outcome, readonly [light: string, dark: string]>> = {
  created: ['#11713a', '#5cc98a'],
  updated: ['#1a5fb4', '#7db2f5'],
  removed: ['#0b6e78', '#5fc4cf'],
  unchanged: ['#566174', '#a5afc0'],
  invalid: ['#985108', '#eaa95c'],
  failed: ['#b3261e', '#f58a82'],
  in_doubt: ['#7a37b0', '#c99af0'],
  not_started: ['#68707d', '#98a1b0'],
};

const light = outcomes.map((outcome) => `--${outcome}: ${tones[outcome][0]};`).join(' ');
const dark = outcomes.map((outcome) => `--${outcome}: ${tones[outcome][1]};`).join(' ');
const classes = outcomes.map((outcome) => `.${outcome} { --tone: var(--${outcome}) }`).join('\n');

/** Colours, type and figures, light and dark: of every page. */
export const baseStyle = `
:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --surface: #fff; --sunken: #f0f2f5; --line: #e2e5ea; --strong-line: #c9ced6;
  --ink: #171a21; --soft: #565e6c; --link: #1a56ad; --focus: #1d64c8; --chart: #5b7fb5; --limit: #b3261e;
  ${light}
  --shadow: 0 1px 2px rgb(20 25 35 / 5%), 0 4px 16px rgb(20 25 35 / 4%);
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --ground: #0e1116; --surface: #161a21; --sunken: #1e232c; --line: #272d38; --strong-line: #3b4351;
    --ink: #e7eaf0; --soft: #a2abba; --link: #8ab8f5; --focus: #8ab8f5; --chart: #6d93cf; --limit: #f28b82;
    ${dark}
    --shadow: none;
  }
}
${classes}

*, ::before, ::after { box-sizing: border-box }
[hidden] { display: none !important }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 400 1rem/1.55 Inter, ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;
  font-variant-numeric: tabular-nums;
}
.page { max-width: 66rem; margin: 0 auto; padding: 3.5rem 1.5rem 3rem }
h1, h2, h3, h4, p, ul, ol, dl, figure, blockquote, fieldset { margin: 0; padding: 0 }
h1, h2, h3, h4 { line-height: 1.25; text-wrap: balance }
h2 { font-size: 1.25rem; font-weight: 650; letter-spacing: -0.012em; margin-bottom: 0.9rem }
h2:focus { outline: none }
section { margin-top: 3.25rem }
p { max-width: 72ch; text-wrap: pretty }
a { color: var(--link); text-underline-offset: 0.18em; text-decoration-thickness: 1px }
code { font: 0.875em/1.5 ui-monospace, 'SF Mono', SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; overflow-wrap: anywhere }
time { white-space: nowrap }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 4px }
.skip { position: absolute; left: 1rem; top: -4rem; padding: 0.5rem 1rem; background: var(--surface); border-radius: 8px; z-index: 2 }
.skip:focus { top: 1rem }
.count { color: var(--soft); font-weight: 400; white-space: nowrap }
.dot { display: inline-block; width: 0.625rem; height: 0.625rem; border-radius: 50%; background: var(--tone); margin-right: 0.5rem; forced-color-adjust: none }
.not_started .dot { background: none; border: 2px solid var(--tone) }
.print-only { display: none }

.head .job { color: var(--soft); font-size: 0.9375rem; margin-bottom: 0.75rem }
.head .job strong { color: var(--ink); font-weight: 600 }
.head h1 { display: flex; align-items: center; gap: 0.9rem; font-size: clamp(1.6rem, 1.1rem + 2.4vw, 2.4rem); font-weight: 700; letter-spacing: -0.025em; line-height: 1.15 }
.head .lede { margin-top: 1rem; color: var(--soft); font-size: 1.0625rem }
.icon { flex: none; width: 1.1em; height: 1.1em; forced-color-adjust: none }
.icon circle { fill: var(--tone) }
.icon path { fill: none; stroke: var(--ground); stroke-width: 2.4; stroke-linecap: round; stroke-linejoin: round }
.good { --tone: var(--created) } .attention.head { --tone: var(--failed) } .stopped { --tone: var(--not_started) }

.bar { display: block; border-radius: 8px; overflow: hidden; forced-color-adjust: none }
.fill { fill: var(--tone) }
.fill.not_started { fill: var(--strong-line) }
.tiles { list-style: none; display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: 1.5rem 1.75rem; margin-top: 1.5rem }
.tile .label { display: block; font-size: 0.9375rem; font-weight: 550 }
.tile strong { display: block; font-size: 1.875rem; font-weight: 650; letter-spacing: -0.025em; line-height: 1.3 }
.tile .about { display: block; color: var(--soft); font-size: 0.8125rem; line-height: 1.4 }
`;

/** The page's own style: light and dark, wide and narrow, screen and paper. */
export const style = `${baseStyle}
.panel { background: var(--surface); border: 1px solid var(--line); border-top: 3px solid var(--tone); border-radius: 12px; box-shadow: var(--shadow); padding: 1.4rem 1.6rem 1.5rem; margin-top: 1.1rem }
.panel h3 { font-size: 1.125rem; font-weight: 650; margin-bottom: 0.5rem }
.panel h3 .count { margin-left: 0.35rem; font-size: 0.9375rem }
.panel p + p { margin-top: 0.75rem }
.steps { padding-left: 1.35rem; margin-top: 0.6rem }
.steps li { padding-left: 0.25rem; margin-top: 0.6rem; max-width: 72ch }
.command { display: block; width: fit-content; max-width: 100%; background: var(--sunken); border-radius: 8px; padding: 0.5rem 0.8rem; margin: 0.4rem 0; color: var(--ink); user-select: all; -webkit-user-select: all }
.causes { list-style: none; margin-top: 1.25rem }
.causes > li { border-top: 1px solid var(--line); padding: 1rem 0; display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 0.4rem 2.5rem }
.causes > li:last-child { padding-bottom: 0 }
.causes h4 { font-size: 1rem; font-weight: 600 }
.causes h4 .count { font-size: 0.875rem; margin-left: 0.25rem }
.causes p { color: var(--soft); margin-top: 0.15rem }
blockquote { margin: 0.1rem 0 0.5rem; padding-left: 0.85rem; border-left: 3px solid var(--strong-line); font-size: 0.9375rem; overflow-wrap: anywhere }
.causes .where { font-size: 0.875rem; margin-top: 0.2rem }
.command span { white-space: nowrap }
section > p + p { margin-top: 0.75rem }
.notes { padding-left: 1.1rem; margin-top: 0.5rem; max-width: 72ch }
.note { color: var(--soft); font-size: 0.875rem; margin-top: 0.9rem }
button { font: inherit; font-size: 0.8125rem; font-weight: 550; color: var(--link); background: none; border: 1px solid var(--strong-line); border-radius: 99px; padding: 0.1rem 0.7rem; margin-left: 0.35rem; cursor: pointer }
button:hover { background: var(--sunken) }
.copyable { display: flex; align-items: center; gap: 0.4rem; max-width: 100% }
.copy { flex: none; position: relative; width: 1.9rem; height: 1.9rem; margin: 0; padding: 0; border: 0; border-radius: 8px; color: var(--soft) }
.copy:hover { color: var(--ink) }
.copy::before, .copy::after { content: ''; position: absolute; left: 0.6rem; top: 0.45rem; width: 0.6rem; height: 0.75rem; border: 1.5px solid currentColor; border-radius: 2px }
.copy::after { left: 0.8rem; top: 0.65rem; background: var(--surface) }
.copy.copied::before { display: none }
.copy.copied::after { left: 0.75rem; top: 0.4rem; width: 0.4rem; height: 0.8rem; border-width: 0 2px 2px 0; border-radius: 0; background: none; color: var(--created); transform: rotate(40deg) }
.announcement { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%) }
.private { display: none }
.shows-private .private { display: revert }

figure { margin-top: 1.25rem; background: var(--surface); border: 1px solid var(--line); border-radius: 12px; box-shadow: var(--shadow); padding: 1.4rem 1.6rem 1.3rem }
.chart { display: block; overflow: visible; font-size: 0.75rem; forced-color-adjust: none }
.chart + .chart-title { margin-top: 1.4rem }
.chart text { fill: var(--soft) }
.chart-title { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1.5rem; max-width: none; font-size: 0.8125rem }
.chart-title strong { font-weight: 600 }
.chart-title span { color: var(--soft); font-size: 0.75rem }
.chart-title .limit { color: var(--limit) }
.chart rect { fill: var(--chart) }
.budget rect { opacity: 0.45 }
.chart .base { stroke: var(--strong-line) }
.chart line.limit { stroke: var(--limit); stroke-width: 1.5; stroke-dasharray: 5 4; vector-effect: non-scaling-stroke }
figcaption { margin-top: 1rem; color: var(--soft); font-size: 0.8125rem; max-width: 76ch }

.toolbar { display: flex; flex-wrap: wrap; align-items: end; gap: 1rem 1.75rem; margin: 1.4rem 0 0.9rem }
.search { flex: 1 1 16rem; max-width: 24rem; font-size: 0.8125rem; font-weight: 550 }
.search input { display: block; width: 100%; margin-top: 0.3rem; font: inherit; font-size: 1rem; font-weight: 400; color: inherit; background: var(--surface); border: 1px solid var(--strong-line); border-radius: 8px; padding: 0.45rem 0.75rem }
.search input::placeholder { color: var(--soft); opacity: 1 }
.toolbar fieldset { border: 0; min-width: 0; display: flex; flex-wrap: wrap; gap: 0.4rem }
.toolbar legend { font-size: 0.8125rem; font-weight: 550; padding: 0; margin-bottom: 0.3rem }
.choice input { position: absolute; opacity: 0; width: 1px; height: 1px }
.choice span { display: block }
.choice > span { border: 1px solid var(--strong-line); border-radius: 99px; padding: 0.35rem 0.85rem; font-size: 0.875rem; cursor: pointer; background: var(--surface) }
.choice .count { display: inline }
.choice input:checked + span { background: var(--ink); border-color: var(--ink); color: var(--ground) }
.choice input:checked + span .count { color: inherit; opacity: 0.8 }
.choice input:focus-visible + span { outline: 2px solid var(--focus); outline-offset: 2px }
.switch { display: flex; align-items: center; gap: 0.5rem; font-size: 0.875rem; padding: 0.35rem 0; cursor: pointer }
.switch input { appearance: none; flex: none; width: 2.1rem; height: 1.2rem; margin: 0; border-radius: 99px; border: 1px solid var(--soft); background: var(--surface); cursor: pointer }
.switch input::before { content: ''; display: block; width: 0.8rem; height: 0.8rem; margin: calc(0.2rem - 1px); border-radius: 50%; background: var(--soft) }
.switch input:checked { background: var(--link); border-color: var(--link) }
.switch input:checked::before { background: var(--surface); margin-left: 1.1rem }
#shown { flex-basis: 100%; color: var(--soft); font-size: 0.875rem }
.scroll { overflow: auto; max-height: min(85vh, 60rem); background: var(--surface); border: 1px solid var(--line); border-radius: 12px; box-shadow: var(--shadow) }
table { width: 100%; border-collapse: collapse; font-size: 0.875rem }
thead th { text-align: left; font-size: 0.75rem; font-weight: 600; color: var(--soft); white-space: nowrap; position: sticky; top: 0; background: var(--surface); box-shadow: 0 1px var(--line); padding: 0.7rem 0.75rem }
thead .sort { font: inherit; color: inherit; border: 0; border-radius: 4px; padding: 0.2rem 0.3rem; margin: -0.2rem -0.3rem }
.sort::after { content: ''; display: inline-block; width: 0.8em; margin-left: 0.2em }
[aria-sort] .sort:hover::after { content: '↕' }
[aria-sort=ascending] .sort::after, [aria-sort=ascending] .sort:hover::after { content: '↑' }
[aria-sort=descending] .sort::after, [aria-sort=descending] .sort:hover::after { content: '↓' }
td.copy-row { padding: 0.15rem 0.4rem; width: 2.7rem }
td.private { white-space: normal; min-width: 11rem; overflow-wrap: anywhere }
mark { background: color-mix(in srgb, var(--invalid) 18%, transparent); color: inherit; border-radius: 3px; padding: 0 0.2em }
.private b { font-weight: 500; color: var(--soft) }
tbody th, td { text-align: left; vertical-align: top; padding: 0.5rem 0.75rem; white-space: nowrap }
tbody tr + tr > * { border-top: 1px solid var(--line) }
tbody th { font-weight: 500; color: var(--soft) }
.shows-private td.wide { min-width: 0; width: auto }
td.wide { min-width: 14rem; width: 50%; white-space: normal; overflow-wrap: anywhere }
td[data-k] { min-width: 7.5rem; max-width: 20rem; white-space: normal; overflow-wrap: anywhere }
td code { color: var(--soft) }
.badge { display: inline-block; white-space: nowrap; font-weight: 550; color: var(--tone) }
.badge::before { content: ''; display: inline-block; width: 0.5rem; height: 0.5rem; border-radius: 50%; background: currentColor; margin-right: 0.45rem; forced-color-adjust: none }

dl { display: grid; gap: 0.6rem }
dl > div { display: grid; grid-template-columns: 12rem minmax(0, 1fr); gap: 1rem; font-size: 0.9375rem }
dt { color: var(--soft) }
dd { margin: 0; overflow-wrap: anywhere }
footer { margin-top: 3rem; padding-top: 1.25rem; border-top: 1px solid var(--line); color: var(--soft); font-size: 0.8125rem }

@media screen and (max-width: 44rem) {
  .page { padding: 2rem 1.1rem }
  section { margin-top: 2.5rem }
  .head h1 { align-items: flex-start }
  .tiles { grid-template-columns: 1fr 1fr; gap: 1.25rem }
  .panel, figure { padding: 1.1rem 1.1rem 1.2rem }
  .search { max-width: none }
  dl > div { grid-template-columns: 1fr; gap: 0 }
  .copyable { flex-wrap: wrap }
  thead { display: none }
  thead:has(.sort) { display: block; border-bottom: 1px solid var(--line); padding: 0.6rem 1rem }
  thead tr::before { content: 'Sort by'; font-size: 0.75rem; color: var(--soft) }
  thead tr { display: flex; flex-wrap: wrap; gap: 0.2rem 1rem }
  thead th { padding: 0; box-shadow: none; position: static }
  table, tbody { display: block }
  tbody tr { display: flex; flex-wrap: wrap; gap: 0.15rem 1rem; padding: 0.75rem 1rem }
  tbody tr + tr { border-top: 1px solid var(--line) }
  tbody tr + tr > * { border-top: 0 }
  tbody tr > * { display: block; padding: 0 }
  tbody th::before { content: 'Line ' }
  tbody td:nth-child(2) { margin-left: auto }
  td.copy-row { width: auto; margin: -0.3rem -0.4rem 0 auto }
  td.private, td.wide, td[data-k] ~ td:not(.copy-row) { order: 1 }
  td[data-k] { flex-basis: 100%; max-width: none }
  td[data-k]::before { content: attr(data-k) ' '; color: var(--soft) }
  td:empty, td:has(> code:empty) { display: none }
  td.wide, td.private { flex-basis: 100%; min-width: 0; width: auto }
  .command span { white-space: normal }
  td[data-k] ~ td[data-k] { order: 1 }
}

@page { margin: 15mm }
@media print {
  :root { --ground: #fff; --shadow: none; font-size: 9pt }
  .page { max-width: none; padding: 0 }
  section { margin-top: 1.6rem }
  .toolbar, .skip, button:not(.sort), td.copy-row { display: none !important }
  .print-only { display: block; color: var(--soft); margin-top: 0.5rem }
  .requests, .tile, .steps li, .causes > li, tr { break-inside: avoid }
  h2, h3, h4, section > p, .panel > p, .panel > .command { break-after: avoid; break-inside: avoid }
  .bar, .dot, .badge::before, .chart, .icon, .command { print-color-adjust: exact; -webkit-print-color-adjust: exact }
  .scroll { overflow: visible; max-height: none; margin-top: 1rem; border: 0; border-radius: 0 }
  tbody th, td, thead th { padding: 0.25rem 0.5rem }
  thead th { position: static }
  table:not(.filtered) tbody tr:nth-child(n + 201) { display: none }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth } }
`;
