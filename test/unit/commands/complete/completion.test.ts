import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { choose, completionText, Directive } from '../../../../src/commands/complete/completion.ts';

const text = (values: readonly string[], typed = ''): string =>
  completionText({ choices: values.map((value) => ({ value })), directive: Directive.noFiles }, typed);

suite('what is printed', () => {
  test('is a choice in each line, its text behind a tab, and the directive', () => {
    const choices = [{ value: 'web', text: 'a pod' }, { value: 'api' }, { value: 'api' }];
    assert.equal(completionText({ choices, directive: 36 }, ''), 'web\ta pod\napi\n:36\n');
  });

  test('has no name that a shell or a terminal would act on', () => {
    const hostile = [
      '$(touch /tmp/x)',
      '`id`',
      'a;b',
      'a b',
      "a'b",
      'a"b',
      'a|b',
      'a&b',
      'a>b',
      'a*b',
      'a?b',
      'a\\b',
      'a\nb',
      'a\tb',
      'a\u001b[31mb',
      'a\u202eb',
      'a\u0000b',
      '~root',
      '=ls',
      '#a',
      '!1',
      '{a,b}',
      '',
    ];
    assert.equal(text(hostile), ':4\n');
  });

  test('has the names of contexts, users and objects as they are', () => {
    const names = [
      'arn:aws:eks:eu-west-1:123456789012:cluster/prod',
      'gke_project_europe-west1-b_prod',
      'me@prod',
      'system:controller:job-controller',
      'pods.metrics.k8s.io',
      'deployments.apps/web-1',
      'größe',
    ];
    assert.equal(text(names), `${names.join('\n')}\n:4\n`);
  });

  test('has no flag where a name is expected', () => {
    assert.equal(text(['--server=https://evil', '-n', 'web']), 'web\n:4\n');
    assert.equal(text(['--server', '-n'], '-'), '--server\n-n\n:4\n');
  });

  test('has no character of a text that would act on a terminal, and no more of it than a screen shows', () => {
    const choices = [{ value: 'web', text: `a\u001b[31m\tb\nc${'x'.repeat(300)}` }];
    const [line = ''] = completionText({ choices, directive: 4 }, '').split('\n');
    assert.match(line, /^web\ta\\u001b\[31m\\tb\\ncx{190}$/);
  });
});

test('a choice that needs more behind it is followed by no space, unless there are others', () => {
  const choices = [{ value: 'tempo=' }, { value: 'tree' }];
  assert.equal(choose(choices, 'te').directive, Directive.noFiles | Directive.noSpace);
  assert.equal(choose(choices, 't').directive, Directive.noFiles);
  assert.equal(choose(choices, 'x').directive, Directive.noFiles);
});
