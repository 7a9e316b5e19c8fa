import {readFile} from 'node:fs/promises';
import {baseStyle} from '../page/style.ts';

interface Asset {
  type: string;
  read(): Promise<string>;
}

/** What the build has made of the folder `ui/`; found from here and from the built program alike. */
const built = (name: string) => readFile(new URL(`../../ui/${name}`, import.meta.url), 'utf8');

const document = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>bulk42</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css">
<script type="module" src="/page.js"></script>
</head>
<body><div id="app"></div><noscript>This page needs JavaScript; every command works without it in the terminal.</noscript></body>
</html>
`;

/** The page, its script and its style: all that is given without a session. */
export const page: Readonly<Record<string, Asset>> = {
  '/': {type: 'text/html; charset=utf-8', read: () => Promise.resolve(document)},
  '/page.js': {type: 'text/javascript; charset=utf-8', read: () => built('page.js')},
  '/page.css': {type: 'text/css; charset=utf-8', read: async () => baseStyle + (await built('page.css'))},
};
