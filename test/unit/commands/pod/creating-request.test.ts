import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { creatingRequest, hasWritten } from '../../../../src/commands/pod/creating-request.ts';
import { ClusterClock } from '../../../../src/kube/api/cluster-clock.ts';
import type { Exchange } from '../../../../src/kube/http/exchange.ts';
import type { Report } from '../../../../src/report/report.ts';
import { buildTrace } from '../../../../src/trace/build.ts';
import { epochNanos, nanos } from '../../../../src/trace/time.ts';
import { span, spanID } from '../../../support/spans.ts';

const SECOND = 1_000_000_000n;
/** On a whole second; the cluster's clock is the same as this machine's. */
const BEGIN = 1_795_478_400n * SECOND;
const seconds = (count: number): string =>
  new Date(Number(BEGIN / 1_000_000n) + count * 1000).toISOString().replace('.000', '');

function sent({ id = '2', status = 201, resource = 'deployments', changed = 0, at = 0n } = {}): Exchange {
  const metadata = {
    name: 'web',
    uid: 'u',
    creationTimestamp: seconds(-3600),
    managedFields: [
      { manager: 'kubectl', operation: 'Apply', time: seconds(changed) },
      { manager: 'kube-controller-manager', operation: 'Update', subresource: 'status', time: seconds(0) },
    ],
  };
  return {
    request: { resource },
    context: { spanID: spanID(id) },
    status,
    startedAt: epochNanos(BEGIN + at),
    durationNanos: nanos(10e6),
    phases: { dnsNanos: null, connectNanos: null, tlsNanos: null, sendNanos: 0, waitNanos: 0, receiveNanos: 0 },
    headers: { date: new Date(Number((BEGIN + at) / 1_000_000n)).toUTCString() },
    body: Buffer.from(JSON.stringify({ kind: 'Deployment', metadata })),
  } as unknown as Exchange;
}

function clockOf(exchange: Exchange): ClusterClock {
  const clock = new ClusterClock();
  clock.observe(exchange);
  return clock;
}

const written = (parts: Parameters<typeof sent>[0]): boolean => hasWritten(sent(parts), clockOf(sent(parts)));

suite('the request that created pods', () => {
  for (const [what, parts, expected] of [
    ['that created a pod', { resource: 'pods' }, true],
    ['that created a Deployment', {}, true],
    ['that changed a Deployment', { status: 200, changed: 0 }, true],
    ['that left a Deployment unchanged', { status: 200, changed: -72 }, false],
    ['that left a Deployment unchanged just after it was made', { status: 200, changed: -6 }, false],
    ['that changed a pod, which keeps its creation', { status: 200, resource: 'pods', changed: 0 }, false],
  ] as const) {
    test(`${what}: ${expected}`, () => assert.equal(written(parts), expected));
  }

  const client = (id: string, start: bigint) => ({
    span: span({
      id,
      kind: 'client',
      start: epochNanos(BEGIN + start),
      end: epochNanos(BEGIN + start + 5_000_000n),
    }),
    source: 'client' as const,
    inferred: false,
  });
  const trace = buildTrace([client('2', 0n), client('3', 4n * SECOND)])!;
  const report = { analysis: { trace } } as unknown as Report;

  test('each object of a file with several objects has its own request', () => {
    for (const id of ['2', '3']) {
      const made = sent({ id });
      assert.equal(creatingRequest(report, made, clockOf(made))?.root.spanID, spanID(id));
    }
  });

  test('a request without a span is not a creating request', () => {
    const made = sent({ id: '4' });
    assert.equal(creatingRequest(report, made, clockOf(made)), undefined);
    assert.equal(creatingRequest(report, undefined, new ClusterClock()), undefined);
  });
});
