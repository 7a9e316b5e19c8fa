const attempts = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg onload=alert(1)>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<body onload=alert(1)>',
  '<a href="javascript:alert(1)">x</a>',
  '<style>*{display:none}</style>',
  '<link rel=stylesheet href=//example.org/x.css>',
  '<meta http-equiv=refresh content="0;url=//example.org">',
  '<base href=//example.org/>',
  '<form action=//example.org><input name=a></form>',
  '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
  '<template><script>alert(1)</script></template>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<details open ontoggle=alert(1)>',
  '<object data="data:text/html,<script>alert(1)</script>">',
  '<!--<img src="--><img src=x onerror=alert(1)>',
  '<plaintext>',
  '<xmp><img src=x onerror=alert(1)>',
  '<textarea autofocus onfocus=alert(1)>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '&#60;img src=x onerror=alert(1)&#62;',
  '\\u003cscript\\u003ealert(1)\\u003c/script\\u003e',
  '{{constructor.constructor("alert(1)")()}}',
  '${alert(1)}',
  'javascript:alert(1)//',
  ']]><script>alert(1)</script>',
  '%3Cscript%3Ealert(1)%3C/script%3E',
  '\u202Egnp.exe<b>\u2066',
  '＜script＞alert(1)＜/script＞',
];

/** Nothing, and what breaks out of an attribute, a tag, a cell, a script, a style or a comment. */
const ways = ['', '"', "'", '>', '"></td></tr></table>', '</script>', '</style></title>-->'];

/** Over 200 texts that would become part of a page, if they could. */
export const payloads: readonly string[] = ways.flatMap((way) =>
  attempts.map((attempt) => `${way}${attempt}`),
);
