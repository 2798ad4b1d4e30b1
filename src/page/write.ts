import { gzipSync } from 'node:zlib';
import type { JSONObject } from '../report/json-value.ts';
import { COMPARED_ID, DATA_END, DATA_ID, dataStart } from './data-element.ts';
import type { PageParts } from './template.ts';

/**
 * One HTML file with everything in it: the page, and the document as compressed JSON. Nothing of the document is HTML, not
 * even the title, which the page's script sets: no text of a cluster can become markup. It loads nothing, and the policy
 * refuses all that is not in it. With `compared`, it also shows how the document differs from that one.
 */
export async function writePage(document: JSONObject, compared?: JSONObject): Promise<string> {
  const { parts } = await import('./template.ts');
  const other = compared === undefined ? '' : `\n${packed(COMPARED_ID, compared)}`;
  return `${pageStart(parts)}${PLACE}${packed(DATA_ID, document)}${other}${pageEnd(parts)}`;
}

const packed = (id: Parameters<typeof dataStart>[0], document: JSONObject): string =>
  `${dataStart(id)}${gzipSync(JSON.stringify(document)).toString('base64')}${DATA_END}`;

/** Content-Security-Policy of the page: its script and its style alone. A meta element cannot say who may frame it. */
export const policyOf = ({ scriptHash, styleHash }: PageParts): string =>
  [
    `default-src 'none'`,
    `script-src '${scriptHash}'`,
    `style-src '${styleHash}'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `require-trusted-types-for 'script'`,
    `trusted-types 'none'`,
  ].join('; ');

export const pageStart = (parts: PageParts, policy = policyOf(parts)): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="kubectl trace">
<title>kubectl trace</title>
<style>${parts.style}</style>
</head>
<body>
`;

const PLACE = `<div id="page"><noscript>This page needs JavaScript. In a terminal, kubectl trace show shows this file.</noscript></div>
`;

export const pageEnd = ({ script }: PageParts): string => `
<script>${script}</script>
</body>
</html>
`;
