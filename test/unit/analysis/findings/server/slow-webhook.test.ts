import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyse } from '../../../../../src/analysis/analyse.ts';
import type { Finding } from '../../../../../src/analysis/findings/finding.ts';
import type { WebhookConfiguration } from '../../../../../src/analysis/webhook-configuration.ts';
import { request, served, timeline, type Timed } from '../../../../support/timeline.ts';

function call(name: string, from: number, to: number, below: readonly Timed[] = [], type = 'mutating'): Timed {
  const attributes = {
    configuration: `${name}-configuration`,
    webhook: name,
    operation: 'CREATE',
    resource: '/v1, Resource=configmaps',
  };
  const post: Timed = {
    name: 'HTTP POST',
    from,
    to,
    kind: 'client',
    attributes: { 'url.full': `https://10.0.0.1/${name}?timeout=3s` },
    below,
  };
  return { name: `Call ${type} webhook`, from, to, attributes, below: [post] };
}

function findings(calls: readonly Timed[], webhooks: readonly WebhookConfiguration[] = []): readonly Finding[] {
  const trace = timeline(request(400, [served(10, 390, [{ name: 'Create', from: 20, to: 380, below: calls }])]));
  return analyse(trace, { webhooks }).findings;
}

const configured = (failurePolicy: 'Fail' | 'Ignore'): WebhookConfiguration => ({
  name: 'inject',
  configuration: 'inject-configuration',
  type: 'mutating',
  timeoutSeconds: 10,
  failurePolicy,
  reinvocationPolicy: 'Never',
});

test('several slow webhooks are separate findings, slowest first; a reinvoked webhook counts once', () => {
  const found = findings([call('inject', 30, 100), call('label', 100, 250), call('inject', 250, 320)]);
  assert.deepEqual(
    found.map(({ title, nanos, spans }) => [title, nanos, spans.length]),
    [
      ['38 % of the request (150 of 400 ms) was the mutating webhook label', 150e6, 1],
      ['35 % of the request (140 of 400 ms) was the mutating webhook inject', 140e6, 2],
    ],
  );
  assert.match(found[1]?.detail ?? '', /called 2 times/);
});

test('validating webhooks run in parallel: only the last to end costs time', () => {
  const found = findings([call('a', 30, 200, [], 'validating'), call('b', 30, 300, [], 'validating')]);
  assert.deepEqual(
    found.map(({ title, nanos, command }) => [title, nanos, command]),
    [
      [
        '68 % of the request (270 of 400 ms) was the validating webhook b',
        270e6,
        'kubectl get validatingwebhookconfiguration b-configuration -o yaml',
      ],
    ],
  );
});

test('the webhook configuration takes precedence over the address', () => {
  const [ignoring] = findings([call('inject', 30, 200)], [configured('Ignore')]);
  assert.equal(
    ignoring?.detail,
    'configuration inject-configuration, timeout 10 s, failurePolicy Ignore; it exports no spans, so its work is not visible.',
  );
  assert.match(ignoring.hint ?? '', /waits 10 s, then continues without it\./);
  const [failing] = findings([call('inject', 30, 200)], [configured('Fail')]);
  assert.match(failing?.hint ?? '', /waits 10 s, then fails\./);
  const [unknown] = findings([call('inject', 30, 200)]);
  assert.match(unknown?.hint ?? '', /every creation of configmaps waits 3 s\. Narrow/);
});

test('a webhook that exports spans is not reported as uninstrumented', () => {
  const own: Timed = { name: 'POST /inject', from: 40, to: 190, service: 'injector', kind: 'server' };
  const [finding] = findings([call('inject', 30, 200, [own])]);
  assert.match(finding?.detail ?? '', /its own spans are in the tree\.$/);
});

test('a webhook below 50 ms or 10 % is not a finding', () => {
  assert.deepEqual(findings([call('inject', 30, 79)]), []);
  assert.equal(findings([call('inject', 30, 80)]).length, 1);
  const long = timeline(request(4000, [served(10, 3990, [call('inject', 30, 400)])]));
  assert.deepEqual(analyse(long).findings, []);
});

test('an invalid name is never put into a command', () => {
  const [finding] = findings([call('$(reboot)', 30, 200)]);
  assert.equal(finding?.command, null);
});

test('a conversion webhook is found, with its number of converted objects', () => {
  const attributes = {
    'custom-resource-definition': 'widgets.example.com',
    'desired-api-version': 'example.com/v1',
    'object-count': 40,
  };
  const [finding] = findings([{ name: 'Call conversion webhook', from: 30, to: 130, attributes }]);
  assert.equal(finding?.id, 'slow-conversion-webhook');
  assert.equal(finding.title, '25 % of the request (100 of 400 ms) was the conversion webhook of widgets.example.com');
  assert.match(finding.detail, /^one call for 40 objects to example\.com\/v1; it exports no spans/);
  assert.match(finding.command ?? '', /^kubectl get crd widgets\.example\.com /);
});
