import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { CompletingUser } from '../support/completing.ts';

/** The real kubectl with the installed file, and a real API server. */
const cluster = sharedCluster();
let user: CompletingUser;
after(() => user.remove());

suite('kubectl trace, completed by kubectl', () => {
  before(async () => {
    const { binaries, kubeconfig } = cluster();
    user = new CompletingUser(binaries.kubectl, 'kubectl-trace', { KUBECONFIG: kubeconfig });
    const installed = await user.kubectl('trace', 'completion', '--install');
    assert.deepEqual([installed.code, installed.stderr], [0, '']);
    await create('/api/v1/namespaces', { kind: 'Namespace', metadata: { name: 'shop' } });
    for (const name of ['web-settings', 'web-texts', 'other']) {
      await create('/api/v1/namespaces/shop/configmaps', { kind: 'ConfigMap', metadata: { name } });
    }
    await create('/api/v1/namespaces/shop/serviceaccounts', { kind: 'ServiceAccount', metadata: { name: 'default' } });
    const spec = { containers: [{ name: 'web', image: 'web:1' }] };
    for (const name of ['web-1', 'web-2']) {
      await create('/api/v1/namespaces/shop/pods', { kind: 'Pod', metadata: { name }, spec });
    }
    const labels = { app: 'web' };
    const template = { metadata: { labels }, spec };
    await create('/apis/apps/v1/namespaces/shop/deployments', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: { selector: { matchLabels: labels }, template },
    });
  });

  async function create(path: string, object: object): Promise<void> {
    const { status, body } = await cluster().call('POST', path, { body: { apiVersion: 'v1', ...object } });
    assert.ok(status === 201 || status === 409, body);
  }

  /** The words behind `kubectl trace`; all values that are expected, and the directive. */
  const cases: readonly (readonly [line: string, values: readonly string[], directive: string])[] = [
    ['po', ['pod', 'port-forward'], ':4'],
    ['get nam', ['namespaces'], ':4'],
    ['get configmaps,nam', ['configmaps,namespaces'], ':4'],
    ['get -n sh', ['shop'], ':4'],
    ['get -n shop configmaps web-', ['web-settings', 'web-texts'], ':4'],
    ['get configmaps --namespace shop --wait 0 web-settings web-', ['web-texts'], ':4'],
    ['get --namespace=shop configmap/o', ['configmap/other'], ':4'],
    ['get -o jsonp', ['jsonpath='], ':6'],
    ['get --context mas', ['masters'], ':4'],
    ['--context masters get -n sh', ['shop'], ':4'],
    ['delete -n shop deployment w', ['web'], ':4'],
    ['pod -n shop web-', ['web-1', 'web-2'], ':4'],
    ['pod -n shop deploy/', ['deploy/web'], ':4'],
    ['pod -n shop dep', ['deployment/'], ':6'],
    ['describe -n shop configmap ot', ['other'], ':4'],
    ['logs -n shop web-1 ', ['web'], ':4'],
    ['exec -n shop web-1 -c ', ['web'], ':4'],
    ['rollout sta', ['status'], ':4'],
    ['config use-context mas', ['masters'], ':4'],
    ['apply -f ', ['json', 'yaml', 'yml'], ':8'],
    ['run -- kubectl get -n shop configmaps web-', ['web-settings', 'web-texts'], ':4'],
    ['run -- ', [], ':0'],
    ['show ', [], ':0'],
  ];
  for (const [line, values, directive] of cases) {
    test(line, async () => {
      const offered = await user.offers('trace', ...line.split(' '));
      assert.deepEqual([offered.values.toSorted(), offered.directive], [values, directive]);
    });
  }

  for (const line of [
    'get -n ',
    'get --namespace kube-',
    'get namespaces kube-',
    'get po -n shop ',
    'get -n shop deployments.apps w',
    'describe -n shop cm web-settings ',
    'delete pods -n shop web-1 web-',
    'label --context masters -n shop pod web-',
    'edit --request-timeout 30s ns ',
    'get clusterroles system:node',
    'get events -n shop ',
    'get nothings ',
  ]) {
    test(`${line}: the same names as kubectl`, async () => {
      const [theirs, ours] = [await user.offers(...line.split(' ')), await user.offers('trace', ...line.split(' '))];
      assert.deepEqual(ours.values.toSorted(), theirs.values.toSorted());
      assert.equal(ours.directive, theirs.directive);
    });
  }

  for (const line of ['get ', 'delete p', 'patch ', 'describe ', 'edit c', 'label ', 'annotate n', 'get --cluster ']) {
    test(`${line}: the same as kubectl, from its own files`, async () => {
      await user.kubectl('get', 'namespaces');
      const theirs = await user.offers(...line.split(' '));
      assert.ok(theirs.values.length > 0);
      const ours = await user.offers('trace', ...line.split(' '));
      assert.deepEqual(ours.values.toSorted(), theirs.values.toSorted());
      assert.equal(ours.directive, theirs.directive);
    });
  }

  test('where the API server is out of reach there is nothing, not even on standard error', async () => {
    const gone = ['get', '--server', 'https://127.0.0.1:1', 'configmaps', ''];
    assert.deepEqual(await user.offers('trace', ...gone), { values: [], directive: ':4' });
    assert.deepEqual(await user.offers('trace', 'get', '--kubeconfig', '/none', '-n', ''), {
      values: [],
      directive: ':4',
    });
  });

  test('a command of the history by its first digits, and completion itself writes nothing there', async () => {
    await user.kubectl('trace', 'get', 'namespaces', '--wait', '0', '--metrics', 'off');
    const id = (await user.kubectl('trace', 'history', '-o', 'name')).stdout.trim();
    assert.match(id, /^[0-9a-f]{32}$/);
    const { values, directive } = await user.offers('trace', 'show', '');
    assert.deepEqual([values, directive], [['last', id.slice(0, 8)], ':36']);
  });
});

test('under another name it is installed and completed under that name', async () => {
  const { binaries, kubeconfig } = cluster();
  const other = new CompletingUser(binaries.kubectl, 'kubectl-api_trace', { KUBECONFIG: kubeconfig });
  try {
    const { stdout } = await other.kubectl('api-trace', 'completion', '--install');
    assert.equal(stdout.split('\n')[0], `wrote ${other.bin}/kubectl_complete-api_trace`);
    assert.match(stdout, /press Tab behind "kubectl api-trace "/);
    assert.deepEqual((await other.offers('api-trace', 'get', 'nam')).values, ['namespaces']);
    const { stdout: flags } = await other.kubectl('__complete', 'api-trace', 'get', '--no-hi');
    assert.match(flags, /^--no-history\tDo not store the trace for "kubectl api-trace show last"/);
    const removed = await other.kubectl('api-trace', 'completion', '--uninstall');
    assert.equal(removed.stdout, `removed ${other.bin}/kubectl_complete-api_trace\n`);
  } finally {
    other.remove();
  }
});
