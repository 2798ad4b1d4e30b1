import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseTracePage } from '../../../../src/commands/show/trace-page.ts';
import { UsageError } from '../../../../src/errors.ts';

const ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const panes = (value: unknown): string => encodeURIComponent(JSON.stringify(value));
const tempo = { datasource: { type: 'tempo', uid: 'tempo-a' }, queryType: 'traceql', query: ID };

suite('a trace page URL', () => {
  for (const [address, backend] of [
    [`http://localhost:16686/trace/${ID}`, 'http://localhost:16686'],
    [`http://localhost:16686/trace/${ID}/`, 'http://localhost:16686'],
    [`https://host/jaeger/ui/trace/${ID}?uiFind=x#y`, 'https://host/jaeger/ui'],
    [`http://host:9411/zipkin/traces/${ID}`, 'zipkin=http://host:9411/zipkin'],
    [`http://host/tracing/zipkin/traces/${ID}?spanId=1`, 'zipkin=http://host/tracing/zipkin'],
    [`http://host:9411/api/v2/trace/${ID}`, 'zipkin=http://host:9411'],
    [`http://host:3200/api/v2/traces/${ID}`, 'tempo=http://host:3200'],
    [`http://host:16686/api/v3/traces/${ID}`, 'jaeger=http://host:16686'],
    [`http://host:3200/api/traces/${ID}`, 'http://host:3200'],
    [`http://host:10428/select/jaeger/api/traces/${ID}`, 'victoriatraces=http://host:10428'],
    [`http://host:10428/select/tempo/api/v2/traces/${ID}`, 'victoriatraces=http://host:10428'],
    [
      `https://g.example.com/explore?schemaVersion=1&panes=${panes({ a: { datasource: 'tempo-a', queries: [tempo] } })}&orgId=1`,
      'grafana=https://g.example.com/api/datasources/proxy/uid/tempo-a',
    ],
    [
      `https://g.example.com/grafana/explore?left=${panes({ datasource: 'u1', queries: [{ refId: 'A', query: ID }] })}`,
      'grafana=https://g.example.com/grafana/api/datasources/proxy/uid/u1',
    ],
    [
      `https://g.example.com/explore?left=${panes(['now-1h', 'now', 'My Tempo', { query: ID }])}`,
      'grafana=https://g.example.com',
    ],
    [
      `https://g.example.com/a/grafana-exploretraces-app/explore?traceId=${ID}&var-ds=u2`,
      'grafana=https://g.example.com/api/datasources/proxy/uid/u2',
    ],
  ] as const) {
    test(address, () => assert.deepEqual(parseTracePage(address), { traceID: ID, backend }));
  }
  test('may have an ID in upper case or of 64 bits', () => {
    assert.equal(parseTracePage(`http://h/trace/${ID.toUpperCase()}`).traceID, ID);
    assert.equal(parseTracePage('http://h/trace/a3ce929d0e0e4736').traceID, `${'0'.repeat(16)}a3ce929d0e0e4736`);
  });
});

suite('not a trace page URL', () => {
  for (const address of [
    'http://localhost:16686/search?service=a',
    'http://localhost:16686/trace/xyz',
    `http://localhost:16686/trace/${'0'.repeat(32)}`,
    `http://localhost:16686/traces/${ID}`,
    'https://g/explore',
    'https://g/explore?panes=%7B',
    `https://g/explore?panes=${panes({ a: { queries: [{ query: '{ name = "x" }' }] } })}`,
    'http://[',
  ]) {
    test(address, () => {
      assert.throws(
        () => parseTracePage(address),
        (error) => error instanceof UsageError && /not the address/.test(error.message),
      );
    });
  }
});
