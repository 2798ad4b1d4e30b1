import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyse } from '../../../../src/analysis/analyse.ts';
import type { RequestOutcome } from '../../../../src/analysis/findings/finding-context.ts';
import { nodesRequest } from '../../../support/reports.ts';
import { spanID } from '../../../support/spans.ts';
import { request, timeline, type Timed } from '../../../support/timeline.ts';

const client = (from: number, to: number): Timed => ({
  name: 'GET',
  from,
  to,
  kind: 'client',
  service: 'kubectl-trace',
  source: 'client',
});

const command = (to: number, below: readonly Timed[]): Timed => ({
  name: 'kubectl trace get nodes',
  from: 0,
  to,
  service: 'kubectl-trace',
  source: 'client',
  below,
});

const outcome = (id: string, parts: Partial<RequestOutcome>): RequestOutcome => ({
  ...nodesRequest,
  spanID: spanID(id),
  ...parts,
});

test('discovery is a finding with its cost to the command', () => {
  const trace = timeline(command(600, [client(0, 150), client(150, 400), client(400, 600)]));
  const discovery = { purpose: 'discovery' as const };
  const requests = [outcome('c1', discovery), outcome('c2', discovery), outcome('c3', {})];
  const [finding, ...others] = analyse(trace, { requests }).findings;
  assert.deepEqual(others, []);
  assert.equal(finding?.id, 'slow-discovery');
  assert.equal(finding.severity, 'info');
  assert.equal(finding.title, '67 % of the command (400 of 600 ms) was 2 discovery requests');
  assert.deepEqual(
    finding.spans.map((one) => one.spanID),
    [spanID('c2'), spanID('c1')],
  );
});

test('discovery for a type that was not found is sent again by the next command', () => {
  const trace = timeline(command(400, [client(0, 150), client(150, 400)]));
  const discovery = { purpose: 'discovery' as const };
  const [unknown] = analyse(trace, { requests: [outcome('c1', discovery), outcome('c2', discovery)] }).findings;
  assert.equal(unknown?.id, 'slow-discovery');
  assert.match(unknown.detail, /^They list .* shows them, or names a type .* not have, sends them every time\.$/);
  assert.equal(unknown.hint, null);
  const [known] = analyse(trace, { requests: [outcome('c1', discovery), outcome('c2', {})] }).findings;
  assert.match(known?.detail ?? '', /are cached, so the next command does not send them again\.$/);
});

test('a command whose only request is for discovery wanted that', () => {
  const trace = timeline(request(400, []));
  const requests = [outcome('c0', { purpose: 'identity' }), outcome('c1', { purpose: 'discovery' })];
  assert.deepEqual(analyse(trace, { requests }).findings, []);
});

test('without a response nothing is said about discovery, nor about the work of a server', () => {
  const connect: Timed = { name: 'connect', key: 'connect', from: 0, to: 290, source: 'client' };
  const trace = timeline(command(300, [{ ...client(0, 300), below: [connect] }]));
  const purpose = 'discovery' as const;
  const details = (status: number | null): string[] =>
    analyse(trace, { requests: [outcome('c1', { purpose, status }), outcome('c2', { status })] }).findings.map(
      ({ id, detail }) => `${id}: ${detail}`,
    );
  assert.deepEqual(details(null), ['slow-network: 290 ms to connect.']);
  assert.equal(details(200).length, 2);
  assert.match(details(200).join('\n'), /^slow-network: .* took the rest\.$/m);
});

test('a throttled request costs its own time and the wait after it', () => {
  const trace = timeline(command(90, [client(0, 10), client(70, 90)]));
  const [finding] = analyse(trace, { requests: [outcome('c1', { status: 429 }), outcome('c2', {})] }).findings;
  assert.equal(finding?.id, 'throttled');
  assert.equal(finding.nanos, 70e6);
  assert.match(finding.detail, /this cost 70\.0 ms\.$/);
});

test('a trace of less than 100 ms has no finding about time', () => {
  const gap = (to: number): Timed => ({ name: 'network', key: 'network', from: 0, to, source: 'gap' });
  assert.deepEqual(analyse(timeline(request(99, [gap(99)]))).findings, []);
  assert.deepEqual(
    analyse(timeline(request(100, [gap(100)]))).findings.map(({ id }) => id),
    ['slow-network'],
  );
});

test('the largest component is reported only if nothing else was found and it is over half', () => {
  const connect: Timed = {
    name: 'connect: TCP 1.00 ms, TLS 5.00 ms',
    key: 'connect',
    from: 0,
    to: 6,
    source: 'client',
    attributes: { 'kubectl-trace.component': 'network', 'kubectl-trace.short-label': 'connect (TLS 5.00 ms)' },
  };
  const tls = (nanos: number): RequestOutcome =>
    outcome('c1', { phases: { ...nodesRequest.phases, tlsNanos: (nanos * 1e6) as never } });
  assert.equal(
    analyse(timeline(request(9, [connect])), { requests: [tls(5)] }).largestPart,
    'the TLS handshake of a new connection',
  );
  assert.equal(
    analyse(timeline(request(9, [connect])), { requests: [tls(1)] }).largestPart,
    'making the new connection',
  );
  const read: Timed = {
    name: 'read the response',
    key: 'read',
    from: 6,
    to: 12,
    source: 'client',
    service: 'kubectl-trace',
  };
  assert.equal(analyse(timeline(request(12, [connect, read]))).largestPart, null);
});
