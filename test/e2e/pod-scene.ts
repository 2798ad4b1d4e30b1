import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestNode } from '../lab/cluster/node/node.ts';
import { kubeletSpans } from '../support/kubelet-spans.ts';
import { kubectlTrace, type Outcome } from '../support/kubectl-trace.ts';
import { parsePodDocument, type PodDocument } from '../support/schema.ts';

/** The built program beside a real node. */
export class PodScene {
  readonly #node: () => TestNode;
  readonly #home: string;

  constructor(node: () => TestNode, home: string) {
    this.#node = node;
    this.#home = home;
  }

  /** As a plain cluster-admin runs it. */
  run(...args: string[]): Promise<Outcome> {
    const { kubeconfig, backendURL } = this.#node().cluster;
    return kubectlTrace(this.#home, args, {
      env: { KUBECONFIG: kubeconfig, KUBECTL_TRACE_BACKEND: `jaeger=${backendURL}` },
    });
  }

  /** Until the node controller has given up on the node's kubelet. */
  async untilLost(): Promise<void> {
    for (;;) {
      const { body } = await this.#node().cluster.call('GET', `/api/v1/nodes/${this.#node().name}`);
      const { status } = JSON.parse(body) as { status: { conditions: { type: string; status: string }[] } };
      if (status.conditions.some((each) => each.type === 'Ready' && each.status === 'Unknown')) return;
      await sleep(200);
    }
  }
}

/** The stage ImagePull begins in the second in which the kubelet began with the image, and has every pull of its in it. */
export async function assertPullsWithinStage({ cluster }: TestNode, { pods: [pod] }: PodDocument): Promise<void> {
  assert.ok(pod !== undefined);
  const selector = encodeURIComponent(`involvedObject.uid=${pod.uid},reason=Pulling`);
  const { body } = await cluster.call('GET', `/api/v1/events?fieldSelector=${selector}`);
  const [pulling] = (JSON.parse(body) as { items: { firstTimestamp: string }[] }).items;
  // An image without a valid name is never pulled.
  if (pulling === undefined) return;
  const stage = pod.stages.find((one) => one.stage === 'ImagePull');
  assert.ok(stage !== undefined);
  const from = Date.parse(pod.startTime) + stage.startOffsetNanos / 1e6;
  const to = from + stage.durationNanos / 1e6;
  // One image is pulled after the other: what waits for its turn waits for its image, too.
  assert.ok(Math.abs(from - Date.parse(pulling.firstTimestamp)) <= 1000, `${from} is not in ${pulling.firstTimestamp}`);
  const spans = await kubeletSpans(cluster, pod.uid);
  const pulls = spans
    .filter(({ name }) => name.endsWith('ImageService/PullImage'))
    .map(({ start, durationNanos }) => ({ start: Number(start) / 1e6, end: (Number(start) + durationNanos) / 1e6 }))
    // One that was under way when the document was made, at the end of an open stage, ends later.
    .filter(({ start, end }) => start < to && !(stage.open && end > to));
  for (const { start, end } of pulls) assert.ok(start >= from - 1000 && end <= to + 1000, `${start} to ${end}`);
}

/** A document of pods in which no row stands twice. */
export function parseWithoutRepeats(stdout: string): PodDocument {
  const document = parsePodDocument(stdout);
  const uids = document.pods.map(({ uid }) => uid);
  assert.deepEqual(uids, [...new Set(uids)]);
  const spans = document.trace?.spans ?? [];
  const ids = spans.map(({ traceID, spanID }) => `${traceID} ${spanID}`);
  assert.deepEqual(ids, [...new Set(ids)]);
  // A row without a span has an ID made for the picture: the same text at the same time has the same ID.
  const told = spans.filter(({ source }) => source !== 'span').map((row) => `${row.name} at ${row.startOffsetNanos}`);
  assert.deepEqual(told, [...new Set(told)]);
  return document;
}
