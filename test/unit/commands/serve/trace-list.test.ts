import assert from 'node:assert/strict';
import { test } from 'node:test';
import { traceListPage } from '../../../../src/commands/serve/trace-list.ts';

test('the start page: markup in a search, a service and an error is text', () => {
  const markup = `"'><script>alert(1)</script>`;
  const query = new URLSearchParams(
    ['service', 'operation', 'tag', 'minDuration', 'maxDuration', 'lookback'].map((name) => [name, markup]),
  );
  const { html, policy } = traceListPage({
    services: [markup],
    query,
    traces: [],
    limit: 20,
    isSearch: true,
    problem: markup,
  });
  assert.ok(!html.includes('<script'));
  assert.ok(!html.includes(`"'`));
  assert.equal(html.match(/&quot;&#39;&gt;&lt;script&gt;/g)?.length, 8);
  assert.match(policy, /^default-src 'none';/);
  assert.ok(!policy.includes('script-src'));
});
