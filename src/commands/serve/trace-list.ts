import { hash } from 'node:crypto';
import { counted } from '../../format/counted.ts';
import { listScript } from '../../page/served.ts';
import { escapeText } from '../../render/escape.ts';
import type { ServedPage, TraceList } from '../../serve/query/drawing.ts';
import { MAX_LISTED_TRACES } from '../../serve/query/list-query.ts';
import { COLUMNS, listRows } from './list-rows.ts';
import { classOf, plain, rowOf, text } from './markup.ts';
import { searchForm } from './search-form.ts';

const STYLE = `:root{color-scheme:light dark;--text:#1f2328;--dim:#59636e;--back:#fff;--line:#d1d9e0;--link:#0550ae;--red:#b3161f}
@media(prefers-color-scheme:dark){:root{--text:#e6edf3;--dim:#9aa5b1;--back:#0d1117;--line:#30363d;--link:#79c0ff;--red:#ff8e86}}
body{margin:0 auto;max-width:80rem;padding:1rem;font:14px/1.5 system-ui,sans-serif;color:var(--text);background:var(--back)}
h1{font-size:1.25rem}form{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:end;margin-bottom:1rem}
label{display:flex;flex-direction:column;color:var(--dim)}input,select,button{font:inherit;padding:.25rem .5rem}
.list{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid var(--line);vertical-align:top}
td.number,th.number{text-align:right;white-space:nowrap}td.name{overflow-wrap:anywhere;min-width:12rem}
a{color:var(--link)}.failed,.problem{color:var(--red)}.dim{color:var(--dim)}.failed a{color:inherit}
.list:has(tbody tr)+.empty{display:none}#live{margin:0}`;

/** Without its script, forms and links do everything; the script puts what has changed into the list. */
const policyWith = (script: readonly string[]): string =>
  [
    `default-src 'none'`,
    `style-src 'sha256-${hash('sha256', STYLE, 'base64')}'`,
    ...script,
    `form-action 'self'`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ');

/** The start page of `serve`: a search form, and the traces that it found or the latest. */
export async function traceListPage(list: TraceList): Promise<ServedPage> {
  const { problem } = list;
  const { script, policy } = await listScript();
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Traces — kubectl trace serve</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>kubectl trace serve</h1>
${searchForm(list)}
${problem === undefined ? results(list) : `<p class="problem" role="alert">${text(problem)}</p>`}
</main>
<script>${script}</script>
</body>
</html>
`;
  return { html, policy: policyWith(policy) };
}

/** The same list as JSON, for the page's script. */
export const traceListUpdate = (list: TraceList): string =>
  JSON.stringify({
    heading: headingOf(list),
    rows: listRows(list),
    services: list.services.map((name) => [name, escapeText(name)]),
  });

const headingOf = ({ traces, isSearch }: TraceList): string =>
  isSearch ? counted(traces.length, 'trace') : 'Recent traces';

const results = (list: TraceList): string => `<h2>${headingOf(list)}</h2>
<p id="live" class="dim" role="status"></p>
<div class="list" role="region" aria-label="Traces" tabindex="0">
<table>
<thead><tr>${COLUMNS.map((cell) => `<th scope="col"${classOf(cell)}>${cell.text}</th>`).join('')}</tr></thead>
<tbody>
${listRows(list).map(rowOf).join('\n')}
</tbody>
</table>
</div>
${below(list)}`;

function below({ query, traces, limit }: TraceList): string {
  if (traces.length === 0) return '<p class="dim empty">There are none.</p>';
  if (traces.length < limit || limit >= MAX_LISTED_TRACES) return '';
  const more = new URLSearchParams(query);
  more.set('limit', String(Math.min(limit * 4, MAX_LISTED_TRACES)));
  return `<p><a href="/?${plain(more.toString())}">Show more traces</a></p>`;
}
