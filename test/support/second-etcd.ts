import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestCluster } from '../lab/cluster/cluster.ts';
import { freePorts } from '../lab/cluster/ports.ts';
import { startRelay, type Relay } from './relay.ts';

/** So that another member can be added later, the first one's peer address has to be known when it starts. */
export const peerArgs = (port: number): string[] => {
  const url = `http://127.0.0.1:${port}`;
  return [`--listen-peer-urls=${url}`, `--initial-advertise-peer-urls=${url}`, `--initial-cluster=default=${url}`];
};

/**
 * Makes a cluster's etcd one of two members. Each write, and each read of the newest state, then waits for the other
 * one, whose responses arrive `delayMillis` late. The member ends with the cluster; the relay is to be closed after it.
 */
export async function joinByFarMember(cluster: TestCluster, peerPort: number, delayMillis: number): Promise<Relay> {
  const [clientPort, farPort] = (await freePorts(2)) as [number, number];
  const relay = await startRelay(farPort);
  const peerURL = `http://127.0.0.1:${relay.port}`;
  const added = await fetch(`http://127.0.0.1:${cluster.ports.etcd}/v3/cluster/member/add`, {
    method: 'POST',
    body: JSON.stringify({ peerURLs: [peerURL] }),
  });
  if (!added.ok) throw new Error(`etcd: ${added.status} ${await added.text()}`);
  const client = `http://127.0.0.1:${clientPort}`;
  await cluster.launchBeside('etcd-far', cluster.binaries.etcd, [
    '--name=far',
    `--data-dir=${join(cluster.folder, 'etcd-far')}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=http://127.0.0.1:${farPort}`,
    `--initial-advertise-peer-urls=${peerURL}`,
    `--initial-cluster=default=http://127.0.0.1:${peerPort},far=${peerURL}`,
    '--initial-cluster-state=existing',
  ]);
  await untilWritten(cluster, () => true);
  relay.delay(delayMillis);
  await untilWritten(cluster, (millis) => millis >= delayMillis);
  return relay;
}

/**
 * Until the new member has joined there is no majority, and nothing can be written. Then its responses come by its own
 * requests, not through the relay, until the first member has opened a stream to it.
 */
async function untilWritten(cluster: TestCluster, inTime: (millis: number) => boolean): Promise<void> {
  const path = '/api/v1/namespaces/default/configmaps';
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'joined-' } };
  for (let attempt = 0; attempt < 300; attempt++) {
    const start = performance.now();
    const isWritten = await cluster.call('POST', path, { body }).then(
      ({ status }) => status === 201,
      () => false,
    );
    if (isWritten && inTime(performance.now() - start)) return;
    await sleep(100);
  }
  throw new Error('the second member of etcd has not joined');
}
