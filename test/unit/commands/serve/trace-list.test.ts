import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import { traceListPage, traceListUpdate } from '../../../../src/commands/serve/trace-list.ts';
import type { TraceList, TraceSummary } from '../../../../src/serve/query/drawing.ts';
import { epochNanos } from '../../../../src/trace/time.ts';
import { spanID, traceID } from '../../../support/spans.ts';

const markup = `"'><script>alert(1)</script>`;
const NOW = epochNanos(1_795_478_400_000_000_000n);

const list = (more: Partial<TraceList>): TraceList => ({
  services: [markup],
  query: new URLSearchParams(
    ['service', 'operation', 'tag', 'minDuration', 'maxDuration', 'lookback'].map((name) => [name, markup]),
  ),
  traces: [],
  limit: 20,
  isSearch: true,
  now: NOW,
  ...more,
});

const summary: TraceSummary = {
  traceID: traceID('a1'),
  arrivedMillis: 0,
  root: { name: markup, service: markup, start: NOW, status: 'error' },
  durationNanos: 1e6,
  spans: 1,
  failedSpans: 1,
  isPartial: false,
  judgement: { lastEnd: NOW, findings: [{ headline: markup, severity: 'error', spanID: spanID('b2') }] },
};

test('the start page: markup in a search, a service and an error is text', async () => {
  const { html, policy } = await traceListPage(list({ problem: markup }));
  const [, ...scripts] = html.split('<script>');
  assert.equal(scripts.length, 1);
  assert.equal(html.match(/<script/g)?.length, 1);
  assert.ok(!html.includes(`"'`));
  assert.equal(html.match(/&quot;&#39;&gt;&lt;script&gt;/g)?.length, 8);
  const [script = ''] = scripts[0]!.split('</script>');
  assert.match(policy, /^default-src 'none';/);
  assert.ok(policy.includes(`script-src 'sha256-${hash('sha256', script, 'base64')}';`));
});

test('the start page: markup in a name and a finding is text', async () => {
  const { html } = await traceListPage(list({ traces: [summary] }));
  assert.equal(html.match(/<script/g)?.length, 1);
  assert.match(html, new RegExp(`<a href="/trace/${summary.traceID}#span=0{14}b2">&quot;&#39;&gt;&lt;script&gt;`));
});

test('the start page: what is not judged has a word for it', () => {
  const findings = (judgement: TraceSummary['judgement']): string => {
    const text = traceListUpdate(list({ traces: [{ ...summary, judgement }] }));
    return (JSON.parse(text) as { rows: { cells: { text: string }[] }[] }).rows[0]!.cells.at(-1)!.text;
  };
  const [one, two] = ['one', 'two'].map(
    (headline) => ({ headline, severity: 'warning', spanID: spanID('b2') }) as const,
  );
  assert.equal(findings('later'), 'not judged yet');
  assert.equal(findings('too-large'), 'on its page');
  assert.equal(findings({ lastEnd: NOW, findings: [] }), 'none');
  assert.equal(findings({ lastEnd: NOW, findings: [one!] }), 'one');
  assert.equal(findings({ lastEnd: NOW, findings: [one!, two!] }), 'one (and 1 more)');
});
