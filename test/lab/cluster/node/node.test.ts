import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { container, pod, probe } from '../../pods/manifests.ts';
import { sharedNode } from './shared.ts';

const { node, skip } = await sharedNode();
/** A pod that does not come up is a failure, and no reason to wait for ever. */
const options = { skip, timeout: 180_000 };

interface JaegerSpan {
  readonly traceID: string;
  readonly spanID: string;
  readonly operationName: string;
  readonly references: readonly { readonly spanID: string }[];
  readonly processID: string;
}

interface JaegerTrace {
  readonly spans: readonly JaegerSpan[];
  readonly processes: Readonly<Record<string, { readonly serviceName: string }>>;
}

async function untilReady(name: string): Promise<string> {
  for (;;) {
    const { body } = await node().cluster.call('GET', `/api/v1/namespaces/default/pods/${name}`);
    const { metadata, status } = JSON.parse(body) as {
      metadata: { uid: string };
      status: { conditions?: { type: string; status: string }[] };
    };
    if (status.conditions?.some((each) => each.type === 'Ready' && each.status === 'True')) return metadata.uid;
    await sleep(100);
  }
}

/** Service and name of each span from a root down to the one of this name. */
function pathTo({ spans, processes }: JaegerTrace, name: string): string[] {
  const byID = new Map(spans.map((span) => [span.spanID, span]));
  const path: string[] = [];
  for (let at = spans.find(({ operationName }) => operationName === name); at !== undefined;) {
    path.unshift(`${processes[at.processID]!.serviceName} ${at.operationName}`);
    at = byID.get(at.references[0]?.spanID ?? '');
  }
  return path;
}

test('a pod runs, is probed, and logs', options, async () => {
  const { path, object } = pod('default', 'web', {
    containers: [container('web', ['serve', '8080'], { readinessProbe: probe('/ready') })],
  });
  assert.equal((await node().cluster.call('POST', path, { body: object })).status, 201);
  await untilReady('web');
  const log = await node().cluster.call('GET', `${path}/web/log?container=web`);
  assert.equal(log.body, 'listening on 8080\n');
});

test("a pod's start is one trace, from the kubelet's syncPod down to the task of containerd", options, async () => {
  const { path, object } = pod('default', 'traced', { containers: [container('main', ['sleep'])] });
  assert.equal((await node().cluster.call('POST', path, { body: object })).status, 201);
  const uid = await untilReady('traced');
  const query = new URLSearchParams({ service: 'kubelet', tags: JSON.stringify({ 'k8s.pod.uid': uid }) });
  const start = 'runtime.v1.RuntimeService/StartContainer';
  let chain: string[] = [];
  for (; !chain.includes('containerd containerd.task.v3.Task/Start'); await sleep(100)) {
    const answer = await fetch(`${node().cluster.backendURL}/api/traces?${query}`);
    const { data } = (await answer.json()) as { data: JaegerTrace[] };
    const trace = data.find(({ spans }) => spans.some(({ operationName }) => operationName === start));
    if (trace !== undefined) chain = pathTo(trace, 'containerd.task.v3.Task/Start');
  }
  assert.equal(chain[0], 'kubelet syncPod');
});
