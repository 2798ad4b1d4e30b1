import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sharedNode } from '../lab/cluster/node/shared.ts';
import { container, pod } from '../lab/pods/manifests.ts';
import { tell } from '../lab/pods/tell.ts';
import { cleanHome } from '../support/kubectl-trace.ts';
import { parsePodDocument } from '../support/schema.ts';
import { PodScene } from './pod-scene.ts';

const { node, skip } = await sharedNode();
const home = cleanHome();
after(() => home.remove());
const scene = new PodScene(node, home.path);

const NAMESPACE = 'several';
const serving = container('c', ['serve', '8080']);

/** What each pod's own status says once its fault can be seen, and the true reason. */
const PODS = [
  {
    name: 'crashing',
    containers: [container('c', ['exit', '2', 'after=1s'])],
    shows: 'CrashLoopBackOff',
    reason: 'CrashLoop',
  },
  {
    name: 'imageless',
    containers: [{ name: 'c', image: 'registry.test/absent:1' }],
    shows: 'ErrImagePull|ImagePullBackOff',
    reason: 'ImagePull',
  },
  {
    name: 'unconfigured',
    containers: [container('c', ['serve', '8080'], { envFrom: [{ configMapRef: { name: 'settings' } }] })],
    shows: 'CreateContainerConfigError',
    reason: 'MissingConfigMap',
  },
] as const;

/** Until every pod shows its fault; a crash loop is one after its second restart. */
async function untilSeen(): Promise<void> {
  for (;;) {
    const { body } = await node().cluster.call('GET', `/api/v1/namespaces/${NAMESPACE}/pods`);
    const { items } = JSON.parse(body) as { items: { metadata: { name: string } }[] };
    const shown = (name: string): string => JSON.stringify(items.find(({ metadata }) => metadata.name === name));
    const isReady = /"type":"Ready"[^}]*"status":"True"|"status":"True"[^}]*"type":"Ready"/.test(shown('web'));
    const isCrashing = /"restartCount":[2-9]/.test(shown('crashing'));
    if (
      isReady &&
      isCrashing &&
      PODS.every(({ name, shows }) => new RegExp(`"reason":"(?:${shows})"`).test(shown(name)))
    )
      return;
    await sleep(300);
  }
}

test('the table of a namespace with real pods, and the picture of each', { skip, timeout: 300_000 }, async () => {
  await tell(node(), {
    name: NAMESPACE,
    says: 'Three pods are broken, and one is not.',
    subject: pod(NAMESPACE, 'web', { containers: [serving] }),
    moments: [],
  });
  for (const { name, containers } of PODS) {
    const { path, object } = pod(NAMESPACE, name, { containers });
    const { status, body } = await node().cluster.call('POST', path, { body: object });
    assert.equal(status, 201, body);
  }
  await untilSeen();
  const { code, stdout, stderr } = await scene.run('pod', '-n', NAMESPACE, '-o', 'json');
  assert.equal(code, 6, stderr);
  const { pods, set } = parsePodDocument(stdout);
  assert.deepEqual(
    pods.map(({ name, verdict }) => `${name} ${verdict.state} ${verdict.reason}`).toSorted(),
    PODS.map(({ name, reason }) => `${name} stuck ${reason}`).toSorted(),
  );
  assert.deepEqual(set?.counts, { succeeded: 0, ready: 1, progressing: 0, stuck: 3, failed: 0 });
  for (const { name, reason } of PODS) {
    const alone = await scene.run('pod', name, '-n', NAMESPACE, '-o', 'json');
    assert.equal(parsePodDocument(alone.stdout).verdict?.reason, reason);
  }
  const all = await scene.run('pod', '-A');
  assert.equal(all.code, 6, all.stderr);
  for (const { name, reason } of PODS)
    assert.match(all.stdout, new RegExp(`\\n${NAMESPACE} +${name} +${reason} +stuck `));
});
