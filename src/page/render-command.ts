import {markup, type Markup} from './markup.ts';

/** A line to be typed in a terminal. The page's script lets it be copied. */
export function renderCommand(line: string): Markup {
  // Lines break only between words: a break at the hyphen of an option would be read as a space.
  const words = line.split(' ').map((word) => markup` <span>${word}</span>`);
  return markup`<span class="copyable"><code class="command">${words}</code><button type="button" class="copy" hidden aria-label="Copy this command"></button></span>`;
}
