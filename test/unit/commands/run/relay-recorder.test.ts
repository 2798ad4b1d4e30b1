import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RelayRecorder } from '../../../../src/commands/run/relay-recorder.ts';
import type { RelayingCluster } from '../../../../src/kube/cluster.ts';
import type { RelayedExchange } from '../../../../src/kube/http/relay.ts';
import { testRuntime } from '../../kube/fixture.ts';

const KIB = 1024;

for (const [what, part] of [
  ['refusals', { body: Buffer.alloc(64 * KIB) }],
  ['headers', { headers: { warning: 'x'.repeat(64 * KIB) } }],
  ['addresses', { request: { path: `/${'x'.repeat(64 * KIB - 1)}`, query: [] } }],
] as const) {
  test(`of a command with many large ${what} only the first requests are recorded, and the others are counted`, async () => {
    const cluster = { openRelay: async () => () => undefined } as unknown as RelayingCluster;
    const journal = new RelayRecorder(cluster, testRuntime(), { mayImpersonate: true });
    const { over } = await journal.openTask();
    const exchange = {
      status: 403,
      headers: {},
      body: Buffer.alloc(0),
      userAgent: '',
      request: { path: '/', query: [] },
    };
    for (let index = 0; index < 2000; index++) over({ ...exchange, ...part } as unknown as RelayedExchange);
    assert.ok(journal.exchanges.length > 1000 && journal.exchanges.length <= 1024, String(journal.exchanges.length));
    assert.equal(journal.exchanges.length + journal.notRecorded, 2000);
  });
}
