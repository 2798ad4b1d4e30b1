import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyse } from '../../../../../src/analysis/analyse.ts';
import type { RequestOutcome } from '../../../../../src/analysis/findings/finding-context.ts';
import type { Finding } from '../../../../../src/analysis/findings/finding.ts';
import { nanos } from '../../../../../src/trace/time.ts';
import { nodesRequest } from '../../../../support/reports.ts';
import { request, timeline, type Timed } from '../../../../support/timeline.ts';

const NONE = { connectNanos: null, tlsNanos: nanos(0), receiveNanos: nanos(0) };
const row = (key: string, from: number, to: number, component: string): Timed => ({
  name: key,
  key,
  from,
  to,
  source: 'client',
  attributes: { 'kubectl-trace.component': component },
});

/** A request of 400 ms: 100 ms of round trips, 100 ms of the server, and `rest` that neither explains. */
function findings(parts: Partial<RequestOutcome>): readonly Finding[] {
  const trace = timeline(
    request(400, [
      row('connect', 0, 60, 'network'),
      row('network', 60, 80, 'network'),
      row('before', 80, 280, 'network-or-gateway'),
      { name: 'GET /api/v1/nodes', from: 280, to: 380, kind: 'server' },
      row('response', 380, 400, 'network'),
    ]),
  );
  const [root] = trace.spans.filter(({ span }) => span.kind === 'client');
  assert.ok(root !== undefined);
  const outcome: RequestOutcome = {
    ...nodesRequest,
    spanID: root.spanID,
    phases: { connectNanos: nanos(20e6), tlsNanos: nanos(40e6), receiveNanos: nanos(0) },
    clientPhases: NONE,
    roundTripNanos: nanos(40e6),
    ...parts,
  };
  return analyse(trace, { requests: [outcome] }).findings;
}

test('a slow network is what the measured round trips took', () => {
  const network = findings({ tlsEnd: 'gateway' }).find(({ id }) => id === 'slow-network');
  assert.equal(network?.nanos, 100e6);
  assert.match(
    network.detail,
    /^A round trip took 40\.0 ms\. 60\.0 ms to connect, 40\.0 ms for requests and responses\./,
  );
});

test('behind a gateway the rest is the gateway’s or its network’s, and not authentication', () => {
  const [first, ...others] = findings({ tlsEnd: 'gateway' });
  assert.deepEqual([first?.id, first?.nanos], ['slow-gateway', 200e6]);
  assert.match(first?.detail ?? '', /A gateway ends the TLS connection/);
  assert.deepEqual(
    others.map(({ id }) => id),
    ['slow-network'],
  );
});

test('where the API server ends TLS itself, the rest is authentication but for the slowest round trip', () => {
  const [first] = findings({ tlsEnd: 'apiserver' });
  assert.deepEqual([first?.id, first?.nanos], ['slow-authentication', 160e6]);
});

test('where that is not known, both are named', () => {
  const [first] = findings({ tlsEnd: null });
  assert.equal(first?.id, 'slow-gateway');
  assert.match(first.detail, /A gateway or load balancer .* Authentication comes before the first span too\./);
});
