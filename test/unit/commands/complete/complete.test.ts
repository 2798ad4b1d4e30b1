import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Directive } from '../../../../src/commands/complete/completion.ts';
import { COMMANDS } from '../../../../src/commands/index.ts';
import { KUBECTL_COMMANDS } from '../../../../src/commands/kubectl-words.ts';
import { completed } from './world.ts';

const { noFiles, noSpace, files, extensions, folders } = Directive;

suite('without kubectl are completed', () => {
  const cases: readonly (readonly [line: string, values: readonly string[], directive: number])[] = [
    ['g', ['get', 'glossary'], noFiles],
    ['roll', ['rollout'], noFiles],
    ['--context staging po', ['pod', 'port-forward'], noFiles],
    ['get --repe', ['--repeat'], noFiles],
    ['get pods --no-h', ['--no-history', '--no-headers'], noFiles],
    ['get --color ', ['auto', 'always', 'never'], noFiles],
    ['get --color=a', ['auto', 'always'], noFiles],
    ['get -o j', ['json', 'jsonpath='], noFiles],
    ['get -o jsonp', ['jsonpath='], noFiles | noSpace],
    ['get pods --metrics d', ['delta'], noFiles],
    ['pod web -o wi', ['wide'], noFiles],
    ['--via ', ['proxy', 'port-forward', 'direct'], noFiles],
    ['apply --validate=', ['strict', 'warn', 'ignore'], noFiles],
    ['get -A=', [], noFiles],
    ['get --watch=t', ['true'], noFiles],
    ['get --wait ', [], noFiles],
    ['apply -f ', ['json', 'yaml', 'yml'], extensions],
    ['apply -f web.yaml -f ', ['json', 'yaml', 'yml'], extensions],
    ['get --kubeconfig ', [], files],
    ['get --cache-dir ', [], folders],
    ['patch cm web --patch-file=', [], files],
    ['show last --audit-log ', [], files],
    ['show last --compare ', [], files],
    ['serve --database ', [], files],
    ['help hi', ['history'], noFiles],
    ['help get ', [], noFiles],
    ['raw P', ['POST', 'PUT', 'PATCH'], noFiles],
    ['raw p', ['POST', 'PUT', 'PATCH'], noFiles],
    ['raw GET ', [], noFiles],
    ['setup ku', ['kubeadm'], noFiles],
    ['setup backend ', ['jaeger', 'serve'], noFiles],
    ['version ', [], noFiles],
    ['run ', ['--'], noFiles],
    ['run -- ', [], files],
    ['run -- helm up', [], files],
    ['run --wait 0 -- kubectl roll', ['rollout'], noFiles],
    ['--backend tem', ['tempo='], noFiles | noSpace],
    ['--nothing ', [], noFiles],
    ['', [...Object.keys(COMMANDS), ...[...KUBECTL_COMMANDS].filter((name) => name !== 'alpha')], noFiles],
  ];
  for (const [line, values, directive] of cases) {
    test(JSON.stringify(line), async () => {
      const found = await completed(line);
      assert.deepEqual([found.values, found.directive, found.asked], [values, directive, []]);
    });
  }

  test('every flag of every command, with its help', async () => {
    for (const [verb, { flags }] of Object.entries(COMMANDS)) {
      const found = await completed(`${verb} --`);
      for (const { name, help } of flags) {
        const choice = found.choices.find(({ value }) => value === `--${name}`);
        assert.equal(choice?.text, help, `${verb} --${name}`);
      }
    }
  });

  test('letters of flags behind one dash alone', async () => {
    assert.ok((await completed('get -')).values.includes('-n'));
    assert.deepEqual(
      (await completed('get --o')).values.filter((value) => !value.startsWith('--')),
      [],
    );
  });

  test('flags that were given once are not offered again, but for those that may be repeated', async () => {
    const { values } = await completed('apply -f web.yaml --wait 0 --');
    assert.ok(values.includes('--filename'));
    assert.ok(!values.includes('--wait'));
  });

  test('flags before the command are those of a traced command', async () => {
    const { values } = await completed('--tr');
    assert.deepEqual(values, ['--trace-output', '--tracer-user']);
  });
});

suite('kubectl completes', () => {
  const cases: readonly (readonly [line: string, asked: string])[] = [
    ['get ', "__complete get ''"],
    ['get pods ', "__complete get pods ''"],
    ['get pods web-', '__complete get pods web-'],
    ['get pods web api', '__complete get pods web api'],
    ['get deploy/w', '__complete get deploy/w'],
    ['get -n shop pods ', "__complete get --namespace=shop pods ''"],
    ['get pods -n shop -o json --wait 0 ', "__complete get --namespace=shop pods ''"],
    ['--context staging --wait 5s get pods ', "__complete get --context=staging pods ''"],
    ['get pods --sort-by ', "__complete get pods --sort-by ''"],
    ['get --subresource ', "__complete get --subresource ''"],
    ['delete cm ', "__complete delete cm ''"],
    ['patch deployment w', '__complete patch deployment w'],
    ['apply ', "__complete apply ''"],
    ['create dep', '__complete create dep'],
    ['create deployment web --im', '__complete create deployment web --im'],
    ['get --namespace sh', '__complete get --namespace sh'],
    ['get --context ', "__complete get --context ''"],
    ['get -n ', "__complete get --namespace ''"],
    ['pod -n sh', '__complete get --namespace sh'],
    ['--kubeconfig other get --cluster ', "__complete get --kubeconfig=other --cluster ''"],
    ['get --tracer-user ', "__complete get --user ''"],
    ['describe --context=staging pods ', "__complete describe --context=staging pods ''"],
    ['--context staging describe pods ', "__complete describe --context=staging pods ''"],
    ['logs -f web -c ', "__complete logs -f web -c ''"],
    ['logs --tai', '__complete logs --tai'],
    ['describe --namespace ', "__complete get --namespace ''"],
    ['rollout sta', '__complete rollout sta'],
    ['config use-context ', "__complete config use-context ''"],
    ['exec web -- l', '__complete exec web -- l'],
    ['neat ge', '__complete neat ge'],
    ['neat --context staging ', "__complete neat --context staging ''"],
    ['run web --im', '__complete run web --im'],
    ['run -- kubectl get pods ', "__complete get pods ''"],
    ['run --context staging -- kubectl get pods -n ', "__complete get --context=staging pods -n ''"],
    ['run -- /usr/bin/kubectl describe no', '__complete describe no'],
  ];
  for (const [line, asked] of cases) {
    test(JSON.stringify(line), async () => {
      const found = await completed(line, { kubectl: 'web\tthe choice\n:36\n' });
      assert.deepEqual(found.asked, [asked]);
      assert.deepEqual(found.values, ['web']);
      assert.equal(found.choices[0]?.text, 'the choice');
      assert.equal(found.directive, 36);
    });
  }

  test('and where it fails nothing is offered, also no files', async () => {
    for (const kubectl of [undefined, '', 'web\n', 'web\n:1\n', ':4x\n']) {
      const found = await completed('get pods ', kubectl === undefined ? {} : { kubectl });
      assert.deepEqual([found.values, found.directive], [[], noFiles], JSON.stringify(kubectl));
    }
  });
});

suite('pod', () => {
  test('offers pods, and types of objects that have pods', async () => {
    const found = await completed('pod ', { kubectl: 'web-1\nweb-2\n:4\n' });
    assert.deepEqual(found.asked, ["__complete get pods ''"]);
    assert.deepEqual(found.values.slice(0, 3), ['web-1', 'web-2', 'deployment/']);
    assert.equal(found.directive, noFiles);
  });

  test('offers a type without a space behind it where there is nothing else', async () => {
    const found = await completed('pod deplo', { kubectl: ':4\n' });
    assert.deepEqual([found.values, found.directive], [['deployment/'], noFiles | noSpace]);
  });

  test('offers the names of any type behind a slash', async () => {
    const found = await completed('pod deploy/w', { kubectl: 'deploy/web\n:4\n' });
    assert.deepEqual([found.asked, found.values], [['__complete get deploy/w'], ['deploy/web']]);
  });

  test('offers further pods, and no other type behind a pod', async () => {
    const found = await completed('pod web-1 ', { kubectl: 'web-2\n:4\n' });
    assert.deepEqual([found.asked, found.values], [["__complete get pods web-1 ''"], ['web-2']]);
    assert.deepEqual((await completed('pod web-1 deploy/')).asked, []);
  });
});

test('--backend offers the one of the environment, and each kind', async () => {
  const found = await completed('get --backend ', { env: { KUBECTL_TRACE_BACKEND: 'http://jaeger:16686' } });
  assert.deepEqual(found.values, [
    'http://jaeger:16686',
    'auto',
    'jaeger=',
    'tempo=',
    'zipkin=',
    'victoriatraces=',
    'grafana=',
    'local',
  ]);
});
