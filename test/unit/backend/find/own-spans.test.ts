import assert from 'node:assert/strict';
import { test } from 'node:test';
import { locate } from '../../../../src/backend/find/locate.ts';
import type { RequestKeys } from '../../../../src/backend/find/request-keys.ts';
import { decodeJaeger } from '../../../../src/codec/jaeger/jaeger.ts';
import { decodeOTLP } from '../../../../src/codec/otlp/json.ts';
import { decodeZipkin } from '../../../../src/codec/zipkin/zipkin.ts';
import type { Span } from '../../../../src/trace/span.ts';
import { epochNanos } from '../../../../src/trace/time.ts';
import { foundSpans, scriptedBackend } from '../../../support/scripted-backend.ts';
import { spanID, traceID } from '../../../support/spans.ts';

/**
 * A command that exports its own spans (`--export`, OTEL_EXPORTER_OTLP_ENDPOINT) puts them into the backend under the
 * very IDs that it looks for. They carry the audit ID, and say nothing of the server.
 */

const startedAt = epochNanos(1_795_478_400_000_000_000n);
const auditID = '0000000a-1000-4000-8000-0000000000c1';
const keys: RequestKeys = { traceID: traceID('a1'), spanID: spanID('c1'), auditID, startedAt };
const signal = new AbortController().signal;
const start = 1_795_478_400_000_000;

const attributes = { 'audit-id': auditID, 'http.request.method': 'GET' };
const text = ([key, value]: [string, string]): unknown => ({ key, value: { stringValue: value } });

/** The same two spans as each kind of backend shows them: the command's, and its request's. */
const shown: Readonly<Record<string, () => readonly Span[] | undefined>> = {
  Jaeger: () =>
    decodeJaeger({
      data: [
        {
          traceID: keys.traceID,
          processes: { p1: { serviceName: 'kubectl-trace', tags: [] } },
          spans: [
            { spanID: spanID('c0'), operationName: 'kubectl trace get nodes', tags: [] },
            {
              spanID: spanID('c1'),
              operationName: 'GET',
              references: [{ refType: 'CHILD_OF', traceID: keys.traceID, spanID: spanID('c0') }],
              tags: [
                { key: 'span.kind', type: 'string', value: 'client' },
                ...Object.entries(attributes).map(([key, value]) => ({ key, type: 'string', value })),
              ],
            },
          ].map((one) => ({
            traceID: keys.traceID,
            processID: 'p1',
            startTime: start,
            duration: 900,
            logs: [],
            ...one,
          })),
        },
      ],
    })?.spans,
  Zipkin: () =>
    decodeZipkin(
      [
        { id: spanID('c0'), name: 'kubectl trace get nodes' },
        { id: spanID('c1'), parentId: spanID('c0'), name: 'get', kind: 'CLIENT', tags: attributes },
      ].map((one) => ({
        traceId: keys.traceID,
        timestamp: start,
        duration: 900,
        localEndpoint: { serviceName: 'kubectl-trace' },
        ...one,
      })),
    )?.spans,
  'Tempo, VictoriaTraces and kubectl trace serve': () => {
    const document = {
      resourceSpans: [
        {
          resource: { attributes: [text(['service.name', 'kubectl-trace'])] },
          scopeSpans: [
            {
              spans: [
                { spanId: spanID('c0'), name: 'kubectl trace get nodes', kind: 1 },
                {
                  spanId: spanID('c1'),
                  parentSpanId: spanID('c0'),
                  name: 'GET',
                  kind: 3,
                  attributes: Object.entries(attributes).map(text),
                },
              ].map((one) => ({
                traceId: keys.traceID,
                startTimeUnixNano: `${start}000`,
                endTimeUnixNano: `${start + 900}000`,
                ...one,
              })),
            },
          ],
        },
      ],
    };
    return decodeOTLP(JSON.stringify(document))?.spans;
  },
};

for (const [backend, decoded] of Object.entries(shown)) {
  test(`${backend}: our own spans, which were exported, are not the server's trace`, async () => {
    const spans = decoded() ?? [];
    assert.equal(spans.length, 2);
    assert.equal(spans.find((span) => span.spanID === keys.spanID)?.attributes['audit-id'], auditID);
    for (const thorough of [false, true]) {
      const given = scriptedBackend({ byID: () => foundSpans(...spans), search: () => foundSpans(...spans) });
      const located = await locate(keys, given, { now: startedAt, thorough }, signal);
      assert.equal(located.status, 'absent', thorough ? 'a thorough look' : 'a first look');
    }
  });
}
