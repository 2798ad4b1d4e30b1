import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { judge } from '../../../src/analysis/completeness/judge.ts';
import type { RequestExpectation, Verb } from '../../../src/analysis/completeness/request-expectation.ts';
import { decodeOTLP } from '../../../src/codec/otlp/json.ts';
import type { Span } from '../../../src/trace/span.ts';

const folder = new URL('../../fixtures/dry-run/', import.meta.url);

/** A recorded dry run: the spans that servers reported, and what is known of the request without them. */
function recorded(file: string, verb: Verb, status: number): readonly [readonly Span[], RequestExpectation] {
  const all = decodeOTLP(readFileSync(new URL(file, folder), 'utf8'))?.spans ?? [];
  const sent = all.filter(({ kind, name }) => kind === 'client' && /^(?:PATCH|PUT)$/.test(name)).at(-1);
  assert.ok(sent !== undefined);
  const audit = sent.attributes['audit-id'] ?? null;
  const expectation: RequestExpectation = {
    traceID: sent.traceID,
    spanID: sent.spanID,
    auditID: typeof audit === 'string' ? audit : null,
    verb,
    path: '/api/v1/namespaces/default/configmaps/cm',
    group: '',
    resource: 'configmaps',
    subresource: null,
    resourceVersion: '',
    dryRun: true,
    status,
    prioritized: true,
    serverMinor: 37,
    webhooks: [],
  };
  const spans = all.filter(({ resource }) => resource.service === 'apiserver' || resource.service === 'etcd');
  return [spans.filter(({ name }) => name !== 'authentication'), expectation];
}

suite('a dry run reads the object, and stores nothing', () => {
  const stories = [
    ['patch-masters.json', 'patch', 200],
    ['replace-admin.json', 'update', 200],
    ['apply-admin.json', 'patch', 201],
  ] as const;
  for (const [file, verb, status] of stories) {
    test(`${file}: complete at once with all of its spans, and not without any of them`, () => {
      const [spans, expectation] = recorded(file, verb, status);
      const { verdict, missing, doubts, received } = judge(spans, expectation, 0);
      assert.deepEqual(
        { verdict, missing, doubts, received },
        { verdict: 'complete', missing: [], doubts: [], received: 11 },
      );
      for (const absent of judge(spans, expectation, 0).server?.spans ?? []) {
        const rest = spans.filter((span) => span !== absent);
        assert.equal(judge(rest, expectation, 0).verdict, 'waiting', absent.name);
      }
    });
  }
});
