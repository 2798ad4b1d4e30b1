import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { sharedNode } from '../cluster/node/shared.ts';
import { stories } from '../pods/stories.ts';
import type { StoryObject } from '../pods/story.ts';
import { cleanHome, kubectlTrace, type Outcome } from '../support/kubectl-trace.ts';
import { parsePodDocument } from '../support/schema.ts';

/** The built program on a real node: what was made is what it says, for all that needs nothing but objects. */
const { node, skip } = await sharedNode();
const home = cleanHome();
after(() => home.remove());

const LIVE = new Set([
  'absent-image',
  'crash-loop',
  'failing-command',
  'image-credentials',
  'invalid-image-name',
  'missing-config-map',
  'missing-program',
  'missing-secret',
  'out-of-memory',
  'quota',
  'ready',
  'scheduling-gate',
  'unschedulable-resources',
  'unschedulable-selector',
]);

/** Programs that run before they fail. */
const ENDS = new Set(['crash-loop', 'failing-command', 'out-of-memory']);

async function create({ path, object }: StoryObject): Promise<void> {
  const { status, body } = await node().cluster.call('POST', path, { body: object });
  assert.ok(status === 201 || status === 409, body);
}

async function untilThere(path: string): Promise<void> {
  while ((await node().cluster.call('GET', path)).status !== 200);
}

const run = (...args: string[]): Promise<Outcome> =>
  kubectlTrace(home.path, args, {
    env: { KUBECONFIG: node().cluster.kubeconfig, KUBECTL_TRACE_BACKEND: `jaeger=${node().cluster.backendURL}` },
  });

for (const { name, says, before = [], subject, moments } of stories.filter((story) => LIVE.has(story.name))) {
  test(`${name}: ${says}`, { skip, timeout: 300_000 }, async () => {
    await create({ path: '/api/v1/namespaces', object: { metadata: { name } } });
    await untilThere(`/api/v1/namespaces/${name}/serviceaccounts/default`);
    for (const one of before) await create(one);
    await create(subject);
    const { kind, metadata } = subject.object as {
      readonly kind: string;
      readonly metadata: { readonly name: string };
    };
    const truth = moments.at(-1)!.verdict;
    const ask = (): Promise<Outcome> =>
      run(
        'pod',
        `${kind.toLowerCase()}/${metadata.name}`,
        '-n',
        name,
        ...(ENDS.has(name) ? [] : ['--follow']),
        '-o',
        'json',
      );
    let outcome = await ask();
    // Without a readiness probe it is Ready until it ends for the first time.
    while (ENDS.has(name) && outcome.code === 0) outcome = await ask();
    const { code, stdout, stderr } = outcome;
    assert.equal(code, truth.state === 'ready' ? 0 : 6, stderr);
    const { verdict, pods } = parsePodDocument(stdout);
    const { state, stage, reason } = truth;
    assert.deepEqual(
      { state: verdict?.state, stage: verdict?.stage, reason: verdict?.reason },
      { state, stage, reason },
    );
    assert.deepEqual(verdict?.waitingFor, truth.waitingFor);
    for (const pod of pods)
      assert.equal(
        pod.stages.reduce((sum, one) => sum + one.durationNanos, 0),
        pod.durationNanos,
      );
  });
}
