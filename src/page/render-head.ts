import {markup, type Markup} from './markup.ts';

/** What the page is about, in one line. */
export interface Headline {
  tone: 'good' | 'attention' | 'stopped';
  text: string;
}

const icons: Readonly<Record<Headline['tone'], string>> = {
  good: 'M6.5 12.5l3.7 3.7 7.3-8',
  attention: 'M12 6.2v7.2M12 17.4v.2',
  stopped: 'M9.3 8v8M14.7 8v8',
};

export function renderHead({tone, text}: Headline, job: string, about: string, lede: Markup): Markup {
  return markup`<header class="head ${tone}">
<p class="job"><strong>${job}</strong> · ${about}</p>
<h1><svg class="icon" aria-hidden="true" viewBox="0 0 24 24"><circle cx="12" cy="12" r="12"/><path d="${icons[tone]}"/></svg><span>${text}</span></h1>
<p class="lede">${lede}</p>
</header>`;
}

/** Facts for a person who is asked about the page. */
export function renderAbout(
  title: string,
  facts: readonly (readonly [term: string, fact: Markup | string])[],
): Markup {
  return markup`<section aria-labelledby="about">
<h2 id="about">${title}</h2>
<dl>
${facts.map(
  ([term, fact]) => markup`<div><dt>${term}</dt><dd>${fact}</dd></div>
`,
)}</dl>
</section>`;
}

/** Without the folders, which name the machine's user: the page is forwarded. */
export function fileName(path: string): string {
  return path === '-' ? 'standard input' : (path.split(/[\\/]/).at(-1) ?? path);
}

export function hostOf(baseUrl: string): string {
  return URL.canParse(baseUrl) ? new URL(baseUrl).host : baseUrl;
}
