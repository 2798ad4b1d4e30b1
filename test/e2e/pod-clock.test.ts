import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { clockShift, type ClockShift } from '../support/clock-shift.ts';
import { cleanHome, kubectlTrace, type Outcome } from '../support/kubectl-trace.ts';
import { parsePodDocument } from '../support/schema.ts';

/** A real API server, and the built program on a machine whose clock is wrong. */
const cluster = sharedCluster();
let shift: ClockShift;
before(async () => void (shift = await clockShift()));

const run = (home: string, millis: number, ...args: string[]): Promise<Outcome> =>
  kubectlTrace(home, args, {
    env: {
      KUBECONFIG: cluster().kubeconfig,
      KUBECTL_TRACE_BACKEND: `jaeger=${cluster().backendURL}`,
      ...shift(millis),
    },
  });

const PODS = '/api/v1/namespaces/default/pods';
const NODES = '/api/v1/nodes';
const now = (): string => new Date().toISOString().replace(/\.\d+Z$/, 'Z');

const manifest = (name: string): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { nodeName: 'clock', containers: [{ name: 'c', image: 'i' }] },
});

async function call(method: string, path: string, body: object): Promise<void> {
  const headers = method === 'PATCH' ? { 'content-type': 'application/merge-patch+json' } : {};
  const { status, body: text } = await cluster().call(method, path, { body, headers });
  assert.ok(status < 300 || status === 409, text);
}

/** A node that is well, with a Lease of this moment. */
async function makeNode(): Promise<void> {
  await call('POST', NODES, { metadata: { name: 'clock' } });
  await call('PATCH', `${NODES}/clock/status`, {
    status: { conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', lastTransitionTime: now() }] },
  });
  const leases = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';
  await call('POST', '/api/v1/namespaces', { metadata: { name: 'kube-node-lease' } });
  const renewTime = now().replace('Z', '.000000Z');
  await call('POST', leases, { metadata: { name: 'clock' }, spec: { holderIdentity: 'clock', renewTime } });
}

const reportReady = (name: string): Promise<void> =>
  call('PATCH', `${PODS}/${name}/status`, {
    status: {
      phase: 'Running',
      startTime: now(),
      conditions: ['PodScheduled', 'PodReadyToStartContainers', 'Ready'].map((type) => ({
        type,
        status: 'True',
        lastTransitionTime: now(),
      })),
      containerStatuses: [
        {
          name: 'c',
          image: 'i',
          imageID: 'i',
          ready: true,
          started: true,
          restartCount: 0,
          state: { running: { startedAt: now() } },
        },
      ],
    },
  });

/** Until the pod exists, or the command that creates it has ended. */
async function untilThere(name: string, command: Promise<Outcome>): Promise<void> {
  let hasEnded = false;
  void command.then(() => (hasEnded = true));
  for (;;) if (hasEnded || (await cluster().call('GET', `${PODS}/${name}`)).status === 200) return;
}

for (const [millis, words] of [
  [65_000, /this machine's clock is 1m0[45]s ahead of the cluster's/],
  [21_600_000, /this machine's clock is (?:6h00m|5h59m) ahead of the cluster's/],
  [-21_600_000, /this machine's clock is (?:6h00m|5h59m) behind the cluster's/],
] as const) {
  suite(`with this machine's clock ${millis / 1000} s ahead`, () => {
    const home = cleanHome();
    after(() => home.remove());
    const name = `clock-${Math.abs(millis)}${millis < 0 ? '-behind' : ''}`;

    test('create --follow draws the request and its pod on one axis, to Ready', async () => {
      await makeNode();
      const file = join(home.path, 'pod.json');
      await writeFile(file, JSON.stringify(manifest(name)));
      const followed = run(home.path, millis, 'create', '-f', file, '--follow', '-o', 'json');
      await untilThere(name, followed);
      await reportReady(name);
      const { code, stdout, stderr } = await followed;
      assert.equal(code, 0, stderr);
      const { verdict, pods, clock } = parsePodDocument(stdout);
      assert.equal(verdict?.state, 'ready');
      assert.ok(
        verdict.notes.some(({ text }) => words.test(text)),
        JSON.stringify(verdict.notes),
      );
      assert.ok(Math.abs(clock!.aheadNanos! / 1e6 - millis) <= clock!.uncertaintyNanos! / 1e6 + 50);
      const [pod] = pods;
      assert.equal(pod?.stages[0]?.stage, 'Request');
      // On one axis: hours are not in it.
      assert.ok(pod.durationNanos < 60e9, `${pod.durationNanos}`);
    });

    test('apply --follow of the same pod again draws no request before it, and corrects no clock', async () => {
      const file = join(home.path, 'pod.json');
      const { code, stdout, stderr } = await run(
        home.path,
        millis,
        'apply',
        '--server-side',
        '-f',
        file,
        '--follow',
        '-o',
        'json',
      );
      assert.equal(code, 0, stderr);
      const { requests, pods } = parsePodDocument(stdout);
      assert.equal(requests.length, 1);
      assert.equal(pods.length, 1);
      assert.ok(pods[0]!.stages.every(({ stage }) => stage !== 'Request'));
      assert.doesNotMatch(stdout, /clock of kubectl-trace/);
    });

    test('pod says READY, and show last draws the same', async () => {
      const { code, stdout } = await run(home.path, millis, 'pod', name);
      assert.equal(code, 0, stdout);
      assert.match(stdout, /READY after/);
      assert.match(stdout.replace(/\s+/g, ' '), words);
      assert.equal((await run(home.path, 0, 'show', 'last')).stdout, stdout);
    });

    test('the history has pods without the objects sent', () => {
      const folder = join(home.path, '.local', 'state', 'kubectl-trace', 'history');
      const kinds = readdirSync(folder).map((file) => {
        const document = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
          kind: string;
          requests: { body: unknown }[];
        };
        assert.ok(document.requests.every(({ body }) => body === null));
        return document.kind;
      });
      assert.deepEqual(new Set(kinds), new Set(['PodTrace']));
    });
  });
}
