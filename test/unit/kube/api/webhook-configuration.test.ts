import assert from 'node:assert/strict';
import { test } from 'node:test';
import { webhooksOf, webhooksRequest } from '../../../../src/kube/api/webhook-configuration.ts';
import { answer } from '../fixture.ts';

const configuration = (webhook: object): object => ({ items: [{ metadata: { name: 'policy' }, webhooks: [webhook] }] });

test('a webhook is read with what its configuration says', () => {
  const rules = [
    { apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'], scope: 'Cluster' },
  ];
  const webhook = { name: 'a.b.c', timeoutSeconds: 3, failurePolicy: 'Ignore', reinvocationPolicy: 'IfNeeded', rules };
  assert.deepEqual(webhooksOf('mutating', answer(200, configuration({ ...webhook, matchPolicy: 'Exact' }))), [
    {
      name: 'a.b.c',
      configuration: 'policy',
      type: 'mutating',
      timeoutSeconds: 3,
      failurePolicy: 'Ignore',
      reinvocationPolicy: 'IfNeeded',
      matchPolicy: 'Exact',
      rules: [{ groups: [''], versions: ['v1'], resources: ['pods'], operations: ['CREATE'], scope: 'Cluster' }],
    },
  ]);
});

test('what is not said is as admissionregistration.k8s.io/v1 has it', () => {
  const [webhook] = webhooksOf('validating', answer(200, configuration({ name: 'a.b.c', rules: [{}] })))!;
  assert.deepEqual(
    [webhook!.timeoutSeconds, webhook!.failurePolicy, webhook!.reinvocationPolicy, webhook!.matchPolicy],
    [10, 'Fail', null, 'Equivalent'],
  );
  assert.equal(webhook!.rules[0]!.scope, '*');
});

test('who may not know learns nothing, which is not the same as none', () => {
  assert.equal(webhooksOf('mutating', answer(403, { kind: 'Status' })), undefined);
  assert.equal(webhooksOf('mutating', answer(200, 'not a list')), undefined);
  assert.deepEqual(webhooksOf('mutating', answer(200, { items: [] })), []);
  assert.deepEqual(webhooksOf('mutating', answer(200, { items: [{}, 1, { webhooks: 'none' }] })), []);
});

test('webhook configurations are requested without impersonation, and unsampled', () => {
  const { purpose, method, path } = webhooksRequest('mutating');
  assert.deepEqual(
    [purpose, method, path],
    ['identity', 'GET', '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations'],
  );
});
