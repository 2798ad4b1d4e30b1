import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, test } from 'node:test';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { cleanHome } from '../support/kubectl-trace.ts';
import { documentOf, findingOf, onlyFinding } from '../support/told-findings.ts';
import { TestWebhookServer } from '../support/webhook-server.ts';

const cluster = sharedCluster();
const home = cleanHome();
const webhooks = new TestWebhookServer();
before(() => webhooks.start());
after(async () => {
  home.remove();
  await webhooks.stop();
});

const configMaps = '/api/v1/namespaces/default/configmaps';

async function create(path: string, body: unknown): Promise<void> {
  const answer = await cluster().call('POST', path, { body });
  assert.equal(answer.status, 201, answer.body);
}

/** Repeats a request that the API server is not ready for yet: it learns of definitions and policies by watching them. */
async function until(status: number, method: string, path: string, body?: unknown): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if ((await cluster().call(method, path, { body })).status === status) return;
    await sleep(100);
  }
  assert.fail(`${method} ${path} is never answered by ${status}`);
}

test('an object changed by another writer during admission: the update is retried, and the conflict is blamed', async () => {
  const name = 'contended';
  const path = `${configMaps}/${name}`;
  await create(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
  const patch = (user: 'masters' | 'monitoring', value: string) =>
    cluster().call('PATCH', path, {
      user,
      headers: { 'content-type': 'application/merge-patch+json' },
      body: { data: { [user]: value } },
    });
  const webhook = {
    name: 'slow.conflict.example.com',
    type: 'mutating',
    resources: ['configmaps'],
    sleepMillis: 200,
    exceptUser: 'super-admin',
  } as const;
  await webhooks.configure(cluster(), [webhook]);
  let value = 0;
  await webhooks.untilCalled(webhook.name, () => patch('monitoring', String(value++)));
  webhooks.onNextCall(webhook.name, () => patch('masters', 'between'));
  const args = ['patch', 'configmap', name, '--type', 'merge', '-p', '{"data":{"traced":"yes"}}'];
  const told = await documentOf(cluster(), home.path, [...args, '--context', 'monitoring']);
  const conflict = findingOf(told, 'update-conflicts');
  assert.match(conflict.title, /was retrying after 1 conflict with other writers$/);
  assert.match(conflict.detail, /\/configmaps\/default\/contended/);
  assert.ok(conflict.nanos >= 200e6 && conflict.share < 1, `${conflict.nanos} ${conflict.share}`);
  assert.equal(findingOf(told, 'slow-webhook').spanIDs.length, 2, 'the webhook was called twice');
});

test('a slow conversion webhook in another trace: its gap is blamed, and marked as inferred', async () => {
  const group = 'conversion.example.com';
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  const version = (name: string, storage: boolean): object => ({ name, served: true, storage, schema });
  await create('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind: 'Widget', plural: 'widgets', singular: 'widget' },
      versions: [version('v1', true), version('v2', false)],
      conversion: webhooks.conversion('convert', 300),
    },
  });
  const widget = { apiVersion: `${group}/v1`, kind: 'Widget', metadata: { name: 'one' } };
  await until(201, 'POST', `/apis/${group}/v1/namespaces/default/widgets`, widget);
  const path = `/apis/${group}/v2/namespaces/default/widgets/one`;
  await until(200, 'GET', path);
  const told = await documentOf(cluster(), home.path, ['get', '--raw', path, '--context', 'masters']);
  const first = onlyFinding(told, 'slow-conversion-webhook');
  assert.match(first.title, /was the conversion of widgets\.conversion\.example\.com between versions \(inferred\)$/);
  assert.ok(first.nanos >= 300e6, String(first.nanos));
  const webhookTime = told.summary?.components.find(({ component }) => component === 'webhook')?.nanos;
  assert.equal(webhookTime, first.nanos);
  assert.equal(first.command, 'kubectl --context masters get crd widgets.conversion.example.com -o yaml');
});

test('a costly admission policy: built-in admission is blamed, and marked as inferred', async () => {
  // An expression may cost a million units, and each pair of keys costs several.
  const expression = 'object.data.all(one, object.data.all(other, one != "absent" || other != "absent"))';
  const metadata = { name: 'costly.example.com' };
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] };
  await create('/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies', {
    metadata,
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: { resourceRules: [rule] },
      validations: [
        { expression: 'object.metadata.name != "refused"' },
        ...Array.from({ length: 8 }, () => ({ expression })),
      ],
    },
  });
  await create('/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings', {
    metadata,
    spec: { policyName: metadata.name, validationActions: ['Deny'] },
  });
  const refused = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'refused' }, data: { one: '' } };
  await until(422, 'POST', `${configMaps}?dryRun=All`, refused);
  const data = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`key-${index}`, '']));
  const file = join(home.path, 'many-keys.json');
  writeFileSync(file, JSON.stringify({ ...refused, metadata: { name: 'many-keys' }, data }));
  const told = await documentOf(cluster(), home.path, ['create', '-f', file, '--context', 'masters']);
  const found = findingOf(told, 'slow-admission');
  assert.match(found.title, /was the API server's own admission and validation \(inferred\)$/);
});
