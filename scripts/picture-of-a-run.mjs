// Draws docs/images/run.svg: a real run against the sandbox in a real terminal (tmux), as the frames of a picture.
// npm run build && node scripts/picture-of-a-run.mjs
import {execFileSync, spawn} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';

const [columns, rows] = [104, 24];
const [charWidth, lineHeight, margin, bar] = [8.4, 19, 18, 34];
const secondsAFrame = 1.2;
const typed = 'bulk42 run patronages pairs.csv --sandbox --yes';
const colours = {31: '#ff7b72', 32: '#7ee787', 33: '#e3b341', 34: '#79c0ff', 36: '#a5d6ff', 90: '#8b949e'};

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'bulk42-picture-'));
const environment = {
  ...process.env,
  LANG: 'C.UTF-8',
  TERM: 'xterm-256color',
  XDG_STATE_HOME: join(folder, '.state'),
};
const tmuxArguments = ['-u', '-S', join(folder, 'tmux'), '-f', '/dev/null'];
const tmux = (...args) =>
  execFileSync('tmux', [...tmuxArguments, ...args], {encoding: 'utf8', cwd: folder, env: environment});

/** The frames of the run, from the command line to its end, each as the lines of the screen with their colours. */
async function film() {
  const server = spawn('tmux', [...tmuxArguments, '-D'], {cwd: folder, env: environment, stdio: 'ignore'});
  await sleep(500);
  try {
    const shell = `PATH='${folder}':"$PATH"; printf '$ %s\\n' '${typed}'; ${typed}; sleep 60`;
    tmux('new-session', '-d', '-s', 'run', '-x', `${columns}`, '-y', `${rows}`, shell);
    const screen = () =>
      tmux('capture-pane', '-t', 'run', '-e', '-p')
        .replaceAll(folder, '/srv/bulk42')
        .split('\n')
        .slice(0, rows);
    const frames = [];
    for (;;) {
      await sleep(900);
      const frame = screen();
      if (frame.some((line) => line.includes('left this hour'))) frames.push(frame);
      if (frame.some((line) => line.startsWith('report:'))) return [...frames, frame];
    }
  } finally {
    tmux('kill-server');
    server.kill();
  }
}

/** `\u001b[1mtext` as pieces of text with what they look like. */
function* pieces(line) {
  let [column, style] = [0, {}];
  for (const [, codes, text] of line.matchAll(/\u001b\[([\d;]*)m|([^\u001b]+)/g)) {
    for (const code of text === undefined ? codes.split(';').map(Number) : []) {
      if (code === 0) style = {};
      else if (code === 1) style = {...style, weight: 'bold'};
      else if (code === 2) style = {...style, colour: colours[90]};
      else if (code === 22) style = {colour: style.colour === colours[90] ? undefined : style.colour};
      // tmux ends a colour where something pale begins, and in that order.
      else if (code !== 39 || style.colour !== colours[90]) style = {...style, colour: colours[code]};
    }
    if (text === undefined) continue;
    yield {column, text, ...style};
    column += text.length;
  }
}

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function drawLine(line, row) {
  const drawn = [...pieces(line.trimEnd())].map(({column, text, colour, weight}) => {
    const look = `${colour ? ` fill="${colour}"` : ''}${weight ? ` font-weight="${weight}"` : ''}`;
    const x = (margin + column * charWidth).toFixed(1);
    return `<tspan x="${x}" textLength="${(text.length * charWidth).toFixed(1)}"${look}>${escape(text)}</tspan>`;
  });
  return drawn.length > 0 ? `<text y="${bar + margin + row * lineHeight}">${drawn.join('')}</text>` : '';
}

/** Lines that stay are drawn once; those that change take turns. A reader who wants no motion sees the last frame. */
function draw(frames) {
  const used = Math.max(...frames.map((frame) => frame.findLastIndex((line) => line.trim() !== '') + 1));
  const height = bar + margin + used * lineHeight;
  const width = 2 * margin + columns * charWidth;
  const lines = Array.from({length: used}, (_, row) => row);
  const stays = (row) => frames.every((frame) => frame[row] === frames[0][row]);
  const share = 100 / (frames.length + 2);
  const shown = frames.map((_, at) => [at * share, at === frames.length - 1 ? 100 : (at + 1) * share]);
  const keyframes = shown.map(
    ([from, to], at) =>
      `@keyframes f${at}{0%{opacity:${from === 0 ? 1 : 0}}${from.toFixed(2)}%{opacity:1}${to.toFixed(2)}%{opacity:${to === 100 ? 1 : 0}}100%{opacity:${to === 100 ? 1 : 0}}}`,
  );
  const seconds = ((frames.length + 2) * secondsAFrame).toFixed(1);
  const groups = frames.map((frame, at) => {
    const changing = lines.filter((row) => !stays(row)).map((row) => drawLine(frame[row], row));
    const style = `animation:f${at} ${seconds}s step-end infinite`;
    return `<g class="frame" opacity="${at === frames.length - 1 ? 1 : 0}" style="${style}">${changing.join('\n')}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="A run in the terminal: the plan, the progress line and the result">
<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#e6edf3;white-space:pre}
${keyframes.join('\n')}
@media (prefers-reduced-motion:reduce){.frame{animation:none!important}}</style>
<rect width="${width}" height="${height}" rx="9" fill="#0d1117"/>
<g><circle cx="22" cy="18" r="6" fill="#ff5f57"/><circle cx="42" cy="18" r="6" fill="#febc2e"/><circle cx="62" cy="18" r="6" fill="#28c840"/></g>
${lines
  .filter(stays)
  .map((row) => drawLine(frames[0][row], row))
  .join('\n')}
${groups.join('\n')}
</svg>
`.replaceAll(/\n{2,}/g, '\n');
}

try {
  const program = `#!/bin/sh\nexec '${process.execPath}' '${join(root, 'dist/src/main.js')}' "$@"\n`;
  writeFileSync(join(folder, 'bulk42'), program, {mode: 0o755});
  writeFileSync(join(folder, 'pairs.csv'), readFileSync(join(root, 'samples/patronages.csv')));
  writeFileSync(join(root, 'docs/images/run.svg'), draw(await film()));
} finally {
  rmSync(folder, {recursive: true, force: true});
}
