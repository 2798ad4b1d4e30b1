import { setTimeout as sleep } from 'node:timers/promises';
import { container, pod } from '../../../pods/manifests.ts';
import { Seen } from '../../../pods/seen.ts';
import { startNode } from '../node.ts';

/** Runs a node with a pod on it until it is signalled, and says `running` when its container is. */
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());

const node = await startNode();
const { path, object } = pod('default', 'web', { containers: [container('web', ['sleep'])] });
const { status, body } = await node.cluster.call('POST', path, { body: object });
if (status !== 201) throw new Error(`POST ${path}: ${status} ${body}`);
while (!(await Seen.in(node.cluster, 'default')).running('web')) await sleep(100);
process.stdout.write('running\n');
while (!interrupted.signal.aborted) await sleep(50);
await node.stop();
