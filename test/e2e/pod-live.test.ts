import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { sharedNode } from '../lab/cluster/node/shared.ts';
import { container, pod, probe } from '../lab/pods/manifests.ts';
import type { Seen } from '../lab/pods/seen.ts';
import { stories } from '../lab/pods/stories.ts';
import type { Moment, Story } from '../lab/pods/story.ts';
import { during, tell, untilMoment, type Subject, type Told } from '../lab/pods/tell.ts';
import { kubeletSpans } from '../support/kubelet-spans.ts';
import { cleanHome, type Outcome } from '../support/kubectl-trace.ts';
import { startRelay } from '../support/relay.ts';
import { parsePodDocument, type PodDocument } from '../support/schema.ts';
import { assertPullsWithinStage, parseWithoutRepeats, PodScene } from './pod-scene.ts';

const { node, skip } = await sharedNode();
const home = cleanHome();
after(() => home.remove());

/** A pod that does not come to where it is to be is a failure, and no reason to wait for ever. */
const options = { skip, timeout: 400_000 };
/** Long enough for a pod that gets on, on a slow machine; what only silence proves is stuck after that. */
const untilStuckSeconds = 12;

const scene = new PodScene(node, home.path);
const run = (...args: string[]): Promise<Outcome> => scene.run('pod', ...args);

async function trace({ namespace, kind, name }: Subject): Promise<{ code: number | null; document: PodDocument }> {
  const target = kind === 'Pod' ? name : `${kind.toLowerCase()}/${name}`;
  const { code, stdout } = await run(target, '-n', namespace, '--until-stuck', `${untilStuckSeconds}s`, '-o', 'json');
  return { code, document: parsePodDocument(stdout) };
}

function titleOf({ name, moments }: Story): string {
  const { state, stage, reason } = moments.at(-1)!.verdict;
  return `${name}: ${state} at ${stage}${reason === null ? '' : `, ${reason}`}`;
}

/** What the program says of a story that is told, once that can be said, is true. */
async function assertTruth(story: Story, { subject }: Told): Promise<void> {
  const { verdict: truth } = story.moments.at(-1)!;
  // What is to be said of it already at an earlier moment needs no more waiting.
  const { lasting, ...moment } = story.moments.find(({ verdict }) => isDeepStrictEqual(verdict, truth))!;
  const silent = { ...moment, lasting: lasting === undefined ? 0 : untilStuckSeconds + 1 };
  const { code, document } = await during(node(), story, silent, () => trace(subject));
  const { verdict, pods } = document;
  const text = JSON.stringify({ verdict, pods }).replaceAll('\\"', '"');
  assert.ok(verdict !== null);
  const { state, stage, reason } = verdict;
  assert.deepEqual({ state, stage, reason }, { state: truth.state, stage: truth.stage, reason: truth.reason }, text);
  assert.equal(code, truth.state === 'stuck' || truth.state === 'failed' ? 6 : 0);
  assert.deepEqual(verdict.waitingFor, truth.waitingFor);
  for (const name of truth.names) assert.ok(text.includes(name), `${name} is not in ${text}`);
  if (truth.stage === 'ImagePull') await assertPullsWithinStage(node(), document);
}

function testStory(story: Story): void {
  test(titleOf(story), options, async () => {
    const told = await tell(node(), story);
    try {
      await assertTruth(story, told);
    } finally {
      await told.end();
    }
  });
}

/** Stories of a kubelet that is away: of the same time, so that it is waited for once. */
const AWAY = new Set(['dead-kubelet', 'lost-node']);

suite('on a real node, sequentially', { skip }, () => {
  for (const story of stories.filter(({ alone, name }) => alone === true && !AWAY.has(name))) testStory(story);
});

/** Creates a pod that is Ready ten seconds after its start. */
async function createPod(name: string): Promise<void> {
  const spec = {
    containers: [container('web', ['serve', '8080', 'ready-after=10s'], { readinessProbe: probe('/ready') })],
  };
  const { path, object } = pod('default', name, spec);
  assert.equal((await node().cluster.call('POST', path, { body: object })).status, 201);
}

/** What has been followed to its end: Ready, and no span of it twice. */
function assertReady({ code, stdout, stderr }: Outcome): PodDocument {
  assert.equal(code, 0, stderr);
  const document = parseWithoutRepeats(stdout);
  assert.equal(document.verdict?.state, 'ready');
  return document;
}

suite('on a real node, concurrently', { concurrency: true, skip }, () => {
  for (const story of stories.filter(({ alone }) => alone !== true)) testStory(story);

  test(
    "a pod is followed until it is Ready, in stages that are the kubelet's own spans to the microsecond",
    options,
    async () => {
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
    },
  );
});

/** A pod that an init container keeps in the middle of its creation for some seconds. */
const slowly = (name: string, seconds: number): Story => ({
  name,
  says: 'The creation of a pod takes its time.',
  subject: pod(name, 'web', {
    initContainers: [container('prepare', ['exit', '0', `after=${seconds}s`])],
    containers: [container('web', ['serve', '8080'], { readinessProbe: probe('/ready') })],
    tolerations: [{ operator: 'Exists' }],
  }),
  moments: [],
});

const preparing: Moment = {
  name: 'early',
  when: (seen: Seen) => seen.running('prepare'),
  verdict: stories.find(({ name }) => name === 'init-container')!.moments[0]!.verdict,
};

/** A story without what it does to the node: that is done for several of them. */
function without(name: string): Story {
  const { prepare: _, afterwards: __, ...story } = stories.find((each) => each.name === name)!;
  return story;
}

/** Nothing may be called stuck by silence while it is away. */
const patient = ['--follow', '--until-stuck', '10m'];

suite('a pod is followed on a real node', { skip }, () => {
  test('with a kubelet that stops and restarts', { ...options, concurrency: true }, async (t) => {
    const [dead, lost] = [without('dead-kubelet'), without('lost-node')];
    const running = await tell(node(), lost);
    await untilMoment(node(), lost, { ...preparing, when: (seen) => seen.condition('Ready=True') });
    const story = slowly('mid-creation', 15);
    await tell(node(), story);
    await untilMoment(node(), story, preparing);
    const following = run('web', '-n', story.name, ...patient, '-o', 'json');
    await node().end('kubelet');
    try {
      const bound = await tell(node(), dead);
      await Promise.all([
        t.test(titleOf(dead), options, () => assertTruth(dead, bound)),
        t.test(titleOf(lost), options, () => assertTruth(lost, running)),
        t.test('mid-creation: stuck at InitContainers, KubeletSilent', options, async () => {
          // Of a pod that it has acknowledged, it is the node controller that says so first.
          await scene.untilLost();
          const silence = ['--follow', '--until-stuck', '5s'];
          const { code, stdout, stderr } = await run('web', '-n', story.name, ...silence, '-o', 'json');
          assert.equal(code, 6, stderr);
          const { stage, reason, waitingFor } = parseWithoutRepeats(stdout).verdict!;
          assert.deepEqual([stage, reason], ['InitContainers', 'KubeletSilent']);
          assert.deepEqual(waitingFor, { kind: 'kubelet', name: node().name });
        }),
      ]);
    } finally {
      await node().launch('kubelet');
    }
    assertReady(await following);
  });

  test('through a restart of the API server, in JSON and in a pipe', options, async () => {
    const story = slowly('apiserver-away', 15);
    await tell(node(), story);
    await untilMoment(node(), story, preparing);
    const { cluster } = node();
    // The first connection looks whether the pod is there; by the next ones it is watched.
    const watched = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const relays = await Promise.all(
      watched.map(({ resolve }) => {
        let opened = 0;
        return startRelay(cluster.ports.apiserver, { onConnected: () => void (++opened === 2 && resolve()) });
      }),
    );
    const follow = (relay: number, ...more: string[]): Promise<Outcome> => {
      const server = `https://127.0.0.1:${relays[relay]!.port}`;
      return run('web', '-n', story.name, '--server', server, ...patient, ...more);
    };
    const [document, picture] = [follow(0, '-o', 'json'), follow(1)];
    await Promise.all(watched.map(({ promise }) => promise));
    await cluster.end('kube-apiserver');
    await cluster.launch('kube-apiserver');
    const [told, drawn] = await Promise.all([document, picture]);
    for (const relay of relays) await relay.close();
    assertReady(told);
    assert.equal(drawn.code, 0, drawn.stderr);
    assert.equal(drawn.stdout.match(/^pod\/web in apiserver-away, on node lab1 {3}READY after /gm)?.length, 1);
    assert.doesNotMatch(drawn.stdout, /PROGRESSING|STUCK/);
  });
});
