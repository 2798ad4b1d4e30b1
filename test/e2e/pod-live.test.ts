import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sharedNode } from '../cluster/node/shared.ts';
import { container, pod, probe } from '../pods/manifests.ts';
import { Seen } from '../pods/seen.ts';
import { stories } from '../pods/stories.ts';
import type { Story } from '../pods/story.ts';
import { during, tell, type Subject } from '../pods/tell.ts';
import { kubeletSpans } from '../support/kubelet-spans.ts';
import { cleanHome, kubectlTrace, type Outcome } from '../support/kubectl-trace.ts';
import { parsePodDocument, type PodDocument } from '../support/schema.ts';

const { node, skip } = await sharedNode();
const home = cleanHome();
after(() => home.remove());

/** A pod that does not come to where it is to be is a failure, and no reason to wait for ever. */
const options = { skip, timeout: 400_000 };
/** Long enough for a pod that gets on, on a slow machine; what only silence proves is stuck after that. */
const untilStuckSeconds = 12;

/** The built program, as a plain cluster-admin runs it. */
function run(...args: string[]): Promise<Outcome> {
  return kubectlTrace(home.path, ['pod', ...args], {
    env: { KUBECONFIG: node().cluster.kubeconfig, KUBECTL_TRACE_BACKEND: `jaeger=${node().cluster.backendURL}` },
  });
}

async function trace({ namespace, kind, name }: Subject): Promise<{ code: number | null; document: PodDocument }> {
  const target = kind === 'Pod' ? name : `${kind.toLowerCase()}/${name}`;
  const { code, stdout } = await run(target, '-n', namespace, '--until-stuck', `${untilStuckSeconds}s`, '-o', 'json');
  return { code, document: parsePodDocument(stdout) };
}

function testStory(story: Story): void {
  const { lasting, ...moment } = story.moments.at(-1)!;
  const { verdict: truth } = moment;
  const title = `${story.name}: ${truth.state} at ${truth.stage}${truth.reason === null ? '' : `, ${truth.reason}`}`;
  test(title, options, async () => {
    const told = await tell(node(), story);
    try {
      const silent = { ...moment, lasting: lasting === undefined ? 0 : untilStuckSeconds + 1 };
      const { code, document } = await during(node(), story, silent, () => trace(told.subject));
      const { verdict, pods } = document;
      const text = JSON.stringify({ verdict, pods }).replaceAll('\\"', '"');
      assert.ok(verdict !== null);
      const { state, stage, reason } = verdict;
      assert.deepEqual(
        { state, stage, reason },
        { state: truth.state, stage: truth.stage, reason: truth.reason },
        text,
      );
      assert.equal(code, truth.state === 'stuck' || truth.state === 'failed' ? 6 : 0);
      assert.deepEqual(verdict.waitingFor, truth.waitingFor);
      for (const name of truth.names) assert.ok(text.includes(name), `${name} is not in ${text}`);
    } finally {
      await told.end();
    }
  });
}

suite('on a real node, all at once', { concurrency: true, skip }, () => {
  for (const story of stories.filter(({ alone }) => alone !== true)) testStory(story);
});

suite('on a real node, one at a time', { skip }, () => {
  for (const story of stories.filter(({ alone }) => alone === true)) testStory(story);
});

/** Creates a pod that is Ready ten seconds after its start. */
async function createPod(name: string): Promise<void> {
  const spec = {
    containers: [container('web', ['serve', '8080', 'ready-after=10s'], { readinessProbe: probe('/ready') })],
  };
  const { path, object } = pod('default', name, spec);
  assert.equal((await node().cluster.call('POST', path, { body: object })).status, 201);
}

async function until(holds: (seen: Seen) => boolean): Promise<void> {
  while (!holds(await Seen.in(node().cluster, 'default'))) await sleep(100);
}

const started = (name: string) => (seen: Seen) =>
  seen.pods.some(
    (each) => each.metadata.name === name && each.status.containerStatuses?.[0]?.state?.running !== undefined,
  );

/** What has been followed to its end: Ready, and no span of it twice. */
function assertReady({ code, stdout, stderr }: Outcome): PodDocument {
  assert.equal(code, 0, stderr);
  const document = parsePodDocument(stdout);
  assert.equal(document.verdict?.state, 'ready');
  const spans = document.trace!.spans.map(({ traceID, spanID }) => `${traceID} ${spanID}`);
  assert.equal(new Set(spans).size, spans.length);
  return document;
}

suite('a pod is followed on a real node', { skip }, () => {
  test("until it is Ready, in stages that are the kubelet's own spans to the microsecond", options, async () => {
    await createPod('followed');
    const document = assertReady(await run('followed', '--follow', '-o', 'json'));
    const [{ startTime, uid, stages }] = document.pods as [PodDocument['pods'][number]];
    const spans = await kubeletSpans(node().cluster, uid);
    for (const [stage, name] of [
      ['Sandbox', 'runtime.v1.RuntimeService/RunPodSandbox'],
      ['ContainerStart', 'runtime.v1.RuntimeService/StartContainer'],
    ] as const) {
      const told = stages.find((each) => each.stage === stage)!;
      const span = spans.find((each) => each.name === name)!;
      assert.equal(told.source, 'span');
      assert.equal(BigInt(Date.parse(startTime)) * 1_000_000n + BigInt(told.startOffsetNanos), span.start, stage);
      assert.equal(told.durationNanos, span.durationNanos, stage);
    }
  });

  test('whose kubelet ends while its container gets ready, and comes back', options, async () => {
    await createPod('kubelet-away');
    const following = run('kubelet-away', '--follow', '-o', 'json');
    await until(started('kubelet-away'));
    await node().end('kubelet');
    await node().launch('kubelet');
    assertReady(await following);
  });

  test('through a restart of the API server', options, async () => {
    await createPod('apiserver-away');
    const following = run('apiserver-away', '--follow', '-o', 'json');
    await until(started('apiserver-away'));
    await node().cluster.end('kube-apiserver');
    await node().cluster.launch('kube-apiserver');
    assertReady(await following);
  });
});
