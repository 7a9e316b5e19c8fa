import {attentionOutcomes, type Outcome} from '../../outcome.ts';
import {adviseOn, type AttentionOutcome} from '../../page/advice.ts';
import {number, rows} from '../../page/format.ts';
import {markup, type Markup} from '../../page/markup.ts';
import {quote, type RenderedCause, renderCauses, renderPanel} from '../../page/render-cause.ts';
import {renderCommand} from '../../page/render-command.ts';
import {outcomeWords} from './outcome-words.ts';
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
    const content = markup`${whatToDo}${renderCauses(own.map((cause) => describeCause(outcome, cause)))}`;
    return [panel(outcome, count, content)];
  });
  if (notStarted > 0) panels.push(panel('not_started', notStarted, notSent(run)));
  if (panels.length === 0) return markup``;
  return markup`<section aria-labelledby="attention">
<h2 id="attention">What needs attention</h2>
${panels}<p class="note">Commands are typed in a terminal, in the folder where the run was started. If its runs lie elsewhere, add <code>--out</code> and that folder.</p>
</section>`;
}

function panel(outcome: Outcome, count: number, content: Markup): Markup {
  return renderPanel({tone: outcome, title: outcomeWords[outcome].label, count: rows(count), content});
}

function settle(run: string, causes: readonly Cause[]): Markup {
  const line = (causes.find(({code}) => code === 'undecided') ?? causes[0])?.lines[0] ?? 0;
  const resolve = `bulk42 resolve ${run} --line ${line} --as`;
  return markup`<p>These rows were sent, but no clear response came back: they may have been applied or not. Do not enter them by hand before they are settled.</p>
<ol class="steps">
<li>Let bulk42 read back what became of them: ${renderCommand(`bulk42 resume ${run}`)}</li>
<li>Should a row stay in doubt after that, look it up on the intra and record what you find, here for line ${line}: ${renderCommand(`${resolve} applied`)} or, if it is not there, ${renderCommand(`${resolve} not-applied`)}</li>
</ol>`;
}

function sendAgain(outcome: 'failed' | 'invalid', {run, undoOf, causes}: Attention): Markup {
  if (undoOf !== undefined) {
    return markup`<p>The records of these rows are still there. Put right what stood in the way, then undo the run once more:</p>
${renderCommand(`bulk42 undo ${undoOf}`)}`;
  }
  const [why, other, others] =
    outcome === 'failed'
      ? ['These rows were not applied.', 'invalid', 'that are invalid']
      : ['These rows break a rule, so nothing of them was sent.', 'failed', 'that failed'];
  const has = (outcomeOfCause: string) => causes.some((cause) => cause.outcome === outcomeOfCause);
  const when = has('in_doubt') ? 'then, once no row is in doubt, send' : 'then send';
  const together = has(other) ? `, together with those ${others}` : '';
  return markup`<p>${why} Correct them in <a href="retry.csv">retry.csv</a>, or put right what stood in their way; ${when} them as a new run${together}:</p>
${renderCommand(`bulk42 retry ${run}`)}`;
}

function notSent(run: string): Markup {
  return markup`<p>The run ended before their turn came. Nothing is lost: it goes on where it stopped, and sends nothing twice.</p>
${renderCommand(`bulk42 resume ${run}`)}`;
}

function describeCause(
  outcome: AttentionOutcome,
  {code, count, lines, messages}: Omit<Cause, 'outcome'>,
): RenderedCause {
  const [title, advice] = adviseOn(outcome, code);
  const unnamed = count - lines.length;
  const more = unnamed > 0 ? ` and ${number(unnamed)} more` : '';
  return {
    title,
    count: rows(count),
    advice,
    quotes: messages.map(([message, times]) => quote(message, times)),
    where: `${count === 1 ? 'Line' : 'Lines'} ${lines.join(', ')}${more}`,
    code,
    filter: outcome,
    search: code,
  };
}
