import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { freePorts } from '../lab/cluster/ports.ts';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { cleanHome } from '../support/kubectl-trace.ts';
import type { Relay } from '../support/relay.ts';
import { joinByFarMember, peerArgs } from '../support/second-etcd.ts';
import { agrees, audited, documentOf, findingOf, onlyFinding, spansOf, timeOf } from '../support/told-findings.ts';

/** Less than an election takes. */
const DELAY_MILLIS = 600;

const [peerPort] = (await freePorts(1)) as [number];
const cluster = sharedCluster({ auditLog: true, etcdArgs: peerArgs(peerPort) });
const home = cleanHome();
let relay: Relay | undefined;
after(async () => {
  await relay?.close();
  home.remove();
});

test('a write delayed by a slow etcd member: raft is blamed, for the duration in the audit log', async () => {
  relay = await joinByFarMember(cluster(), peerPort, DELAY_MILLIS);
  const file = join(home.path, 'web.json');
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' } }));
  const told = await documentOf(cluster(), home.path, ['create', '-f', file, '--context', 'masters']);
  const first = findingOf(told, 'etcd-slow-commit');
  assert.match(first.title, /was etcd committing the write \(raft and disk\)$/);
  assert.ok(first.nanos >= DELAY_MILLIS * 1e6, String(first.nanos));
  const [txn] = spansOf(told, 'txn', 'internal');
  assert.deepEqual(first.spanIDs, [txn?.spanID]);
  // Of writes the audit log has no time of etcd's.
  const root = spansOf(told, 'POST /api/v1/namespaces/{:namespace}/configmaps', 'server');
  agrees('total', timeOf(root), (await audited(cluster(), told))['total']);
});

test('a read delayed by a slow etcd member: etcd is blamed, for the duration in the audit log', async () => {
  const path = '/api/v1/namespaces/default/configmaps/kube-root-ca.crt';
  const told = await documentOf(cluster(), home.path, ['get', '--raw', path, '--context', 'masters'], 1);
  const first = onlyFinding(told, 'slow-etcd');
  assert.ok(first.nanos >= DELAY_MILLIS * 1e6, String(first.nanos));
  const calls = spansOf(told, 'etcdserverpb.KV/Range', 'client');
  agrees('etcd', timeOf(calls), (await audited(cluster(), told))['etcd']);
});
