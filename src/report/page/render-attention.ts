import {adviseOn} from './advice.ts';
import {number, rows} from './format.ts';
import {markup, type Markup} from './markup.ts';
import {type AttentionOutcome, outcomeWords} from './outcome-words.ts';
import {attentionOutcomes, type Outcome} from '../../outcome.ts';
import type {Cause} from './select-rows.ts';

interface Attention {
  run: string;
  /** The run that this one undoes. */
  undoOf: string | undefined;
  causes: readonly Cause[];
  notStarted: number;
}

/** What a person has to do, the most urgent first: what it is, what to type, and each cause with its remedy. */
export function renderAttention(attention: Attention): Markup {
  const {run, causes, notStarted} = attention;
  const panels = attentionOutcomes.flatMap((outcome) => {
    const own = causes.filter((cause) => cause.outcome === outcome);
    if (own.length === 0) return [];
    const count = own.reduce((sum, cause) => sum + cause.count, 0);
    const whatToDo = outcome === 'in_doubt' ? settle(run, own) : sendAgain(outcome, attention);
    return [
      panel(
        outcome,
        count,
        markup`${whatToDo}
<ul class="causes">
${own.map((cause) => renderCause(outcome, cause))}</ul>`,
      ),
    ];
  });
  if (notStarted > 0) panels.push(panel('not_started', notStarted, notSent(run)));
  if (panels.length === 0) return markup``;
  return markup`<section aria-labelledby="attention">
<h2 id="attention">What needs attention</h2>
${panels}<p class="note">Commands are typed in a terminal, in the folder where the run was started. If its runs lie elsewhere, add <code>--out</code> and that folder.</p>
</section>`;
}

function panel(outcome: Outcome, count: number, content: Markup): Markup {
  return markup`<article class="panel ${outcome}" aria-labelledby="a-${outcome}">
<h3 id="a-${outcome}"><span class="dot"></span>${outcomeWords[outcome].label} <span class="count">${rows(count)}</span></h3>
${content}
</article>
`;
}

function settle(run: string, causes: readonly Cause[]): Markup {
  const line = (causes.find(({code}) => code === 'undecided') ?? causes[0])?.lines[0] ?? 0;
  const resolve = `bulk42 resolve ${run} --line ${line} --as`;
  return markup`<p>These rows were sent, but no clear response came back: they may have been applied or not. Do not enter them by hand before they are settled.</p>
<ol class="steps">
<li>Let bulk42 read back what became of them: ${command(`bulk42 resume ${run}`)}</li>
<li>Should a row stay in doubt after that, look it up on the intra and record what you find, here for line ${line}: ${command(`${resolve} applied`)} or, if it is not there, ${command(`${resolve} not-applied`)}</li>
</ol>`;
}

function sendAgain(outcome: 'failed' | 'invalid', {run, undoOf, causes}: Attention): Markup {
  if (undoOf !== undefined) {
    return markup`<p>The records of these rows are still there. Put right what stood in the way, then undo the run once more:</p>
${command(`bulk42 undo ${undoOf}`)}`;
  }
  const [why, other, others] =
    outcome === 'failed'
      ? ['These rows were not applied.', 'invalid', 'that are invalid']
      : ['These rows break a rule, so nothing of them was sent.', 'failed', 'that failed'];
  const has = (outcomeOfCause: string) => causes.some((cause) => cause.outcome === outcomeOfCause);
  const when = has('in_doubt') ? 'then, once no row is in doubt, send' : 'then send';
  const together = has(other) ? `, together with those ${others}` : '';
  return markup`<p>${why} Correct them in <a href="retry.csv">retry.csv</a>, or put right what stood in their way; ${when} them as a new run${together}:</p>
${command(`bulk42 retry ${run}`)}`;
}

function notSent(run: string): Markup {
  return markup`<p>The run ended before their turn came. Nothing is lost: it goes on where it stopped, and sends nothing twice.</p>
${command(`bulk42 resume ${run}`)}`;
}

function renderCause(outcome: AttentionOutcome, {code, count, lines, messages}: Cause): Markup {
  const [title, advice] = adviseOn(outcome, code);
  const unnamed = count - lines.length;
  const more = unnamed > 0 ? ` and ${number(unnamed)} more` : '';
  const named = `${count === 1 ? 'Line' : 'Lines'} ${lines.join(', ')}${more}`;
  const about = code
    ? markup`<p class="where"><code>${code}</code> <button type="button" data-outcome="${outcome}" data-code="${code}" hidden>Show in the table</button></p>`
    : '';
  return markup`<li>
<div><h4>${title} <span class="count">${rows(count)}</span></h4>
<p>${advice}</p></div>
<div>${messages.map(quote)}<p class="where">${named}</p>${about}</div>
</li>
`;
}

function quote([message, times]: Cause['messages'][number]): Markup {
  const often = times > 1 ? markup` <span class="count">${number(times)} times</span>` : '';
  return markup`<blockquote><bdi>${message}</bdi>${often}</blockquote>
`;
}

function command(line: string): Markup {
  // Lines break only between words: a break at the hyphen of an option would be read as a space.
  const words = line.split(' ').map((word) => markup` <span>${word}</span>`);
  return markup`<code class="command">${words}</code>`;
}
