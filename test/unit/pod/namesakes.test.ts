import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { openMachine } from '../../support/pod-case.ts';

interface Named {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** The errors of `kubectl trace pod TARGET` in namespace shop, where there are these objects. */
async function errorOf(t: TestContext, target: string, ...named: readonly Named[]): Promise<string> {
  const objects = named.map(({ apiVersion, kind, name, namespace = 'shop' }) => ({
    apiVersion,
    kind,
    metadata: { name, namespace, uid: `${kind}-${name}`, creationTimestamp: '2026-11-23T08:00:00Z' },
    spec: { replicas: 0, selector: { matchLabels: { app: name } } },
    status: {},
  }));
  const now = '2026-11-23T08:01:00Z';
  const machine = await openMachine(t, { now, clientClockAheadSeconds: 0, target, objects });
  const { exitCode, stderr } = await machine.run(machine.podArguments);
  assert.equal(exitCode, 1);
  return stderr;
}

const other = { apiVersion: 'v1', kind: 'Pod', name: 'other' };

test('a missing pod suggests the Deployment of the same name', async (t) => {
  const stderr = await errorOf(t, 'web', other, { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' });
  assert.match(stderr, /pods "web" not found/);
  assert.match(stderr, /^hint: a workload has this name: kubectl trace pod deployment\/web -n shop$/m);
});

test('a missing pod suggests each workload of the same name', async (t) => {
  const stderr = await errorOf(
    t,
    'web',
    other,
    { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web' },
    { apiVersion: 'batch/v1', kind: 'CronJob', name: 'web' },
  );
  assert.match(stderr, /kubectl trace pod statefulset\/web -n shop, or: kubectl trace pod cronjob\/web -n shop$/m);
});

test('a missing pod suggests nothing if the namespace has no workload of its name', async (t) => {
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment' };
  const stderr = await errorOf(
    t,
    'web',
    other,
    { ...deployment, name: 'web', namespace: 'staging' },
    { ...deployment, name: 'web-2' },
  );
  assert.match(stderr, /hint: what there is: kubectl --context test get pods -n shop/);
  assert.doesNotMatch(stderr, /kubectl trace pod/);
});

test('a missing Deployment suggests no other type', async (t) => {
  const stderr = await errorOf(t, 'deployment/web', other, { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web' });
  assert.doesNotMatch(stderr, /statefulset\/web/);
});
