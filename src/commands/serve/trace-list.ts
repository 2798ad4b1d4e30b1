import { hash } from 'node:crypto';
import { formatDuration } from '../../analysis/wording/duration.ts';
import { counted } from '../../format/counted.ts';
import type { ServedPage, TraceList } from '../../serve/query/page.ts';
import { MAX_LISTED_TRACES } from '../../serve/query/list-query.ts';
import type { TraceSummary } from '../../serve/query/summary.ts';
import { plain, shortened, text } from './markup.ts';
import { searchForm } from './search-form.ts';

const STYLE = `:root{color-scheme:light dark;--text:#1f2328;--dim:#59636e;--back:#fff;--line:#d1d9e0;--link:#0550ae;--red:#b3161f}
@media(prefers-color-scheme:dark){:root{--text:#e6edf3;--dim:#9aa5b1;--back:#0d1117;--line:#30363d;--link:#79c0ff;--red:#ff8e86}}
body{margin:0 auto;max-width:80rem;padding:1rem;font:14px/1.5 system-ui,sans-serif;color:var(--text);background:var(--back)}
h1{font-size:1.25rem}form{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:end;margin-bottom:1rem}
label{display:flex;flex-direction:column;color:var(--dim)}input,select,button{font:inherit;padding:.25rem .5rem}
.list{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid var(--line);vertical-align:top}
td.number,th.number{text-align:right;white-space:nowrap}td.name{overflow-wrap:anywhere;min-width:12rem}
a{color:var(--link)}.failed,.problem{color:var(--red)}.dim{color:var(--dim)}`;

/** Without a script: forms and links do everything. */
const POLICY = [
  `default-src 'none'`,
  `style-src 'sha256-${hash('sha256', STYLE, 'base64')}'`,
  `form-action 'self'`,
  `base-uri 'none'`,
  `frame-ancestors 'none'`,
].join('; ');

/** The start page of `serve`: a search form, and the traces that it found or the latest. */
export function traceListPage(list: TraceList): ServedPage {
  const { problem } = list;
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
</body>
</html>
`;
  return { html, policy: POLICY };
}

function results({ query, traces, limit, isSearch }: TraceList): string {
  const heading = isSearch ? counted(traces.length, 'trace') : 'Recent traces';
  return `<h2>${heading}</h2>
<div class="list" role="region" aria-label="Traces" tabindex="0">
<table>
<thead><tr><th scope="col">Began</th><th scope="col">Service</th><th scope="col">Root span</th><th scope="col" class="number">Duration</th><th scope="col" class="number">Spans</th><th scope="col">Status</th></tr></thead>
<tbody>
${traces.map(row).join('\n')}
</tbody>
</table>
</div>
${below({ query, traces, limit })}`;
}

function below({ query, traces, limit }: Pick<TraceList, 'query' | 'traces' | 'limit'>): string {
  if (traces.length === 0) return '<p class="dim">There are none.</p>';
  if (traces.length < limit || limit >= MAX_LISTED_TRACES) return '';
  const more = new URLSearchParams(query);
  more.set('limit', String(Math.min(limit * 4, MAX_LISTED_TRACES)));
  return `<p><a href="/?${plain(more.toString())}">Show more traces</a></p>`;
}

function row({ traceID, root, durationNanos, spans, failedSpans, isPartial }: TraceSummary): string {
  const began = new Date(Number(root.start / 1_000_000n)).toISOString().replace('T', ' ');
  const duration = `${isPartial ? '≥ ' : ''}${formatDuration(durationNanos)}`;
  const count = `${spans}${isPartial ? ' or more' : ''}`;
  return `<tr><td class="dim">${began}</td><td>${text(shortened(root.service))}</td><td class="name"><a href="/trace/${traceID}">${text(root.name === '' ? '(no name)' : shortened(root.name))}</a></td><td class="number">${duration}</td><td class="number">${count}</td>${statusCell(root.status.code === 'error', failedSpans)}</tr>`;
}

function statusCell(isFailed: boolean, failedSpans: number): string {
  if (isFailed) return '<td class="failed">✗ failed</td>';
  if (failedSpans > 0) return `<td>${counted(failedSpans, 'failed span')}</td>`;
  return '<td class="dim">no error</td>';
}
