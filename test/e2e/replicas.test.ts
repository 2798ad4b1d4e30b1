import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { after, before, suite, test } from 'node:test';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { cleanHome, kubectlTrace, type Outcome } from '../support/kubectl-trace.ts';
import { unlessNamespaces } from '../support/namespaces.ts';
import { parseDocument, type Document } from '../support/schema.ts';
import { startSecondAPIServer } from '../support/second-apiserver.ts';

const cluster = sharedCluster();
const home = cleanHome();
after(() => home.remove());

const run = (...args: string[]): Promise<Outcome> =>
  kubectlTrace(home.path, args, {
    env: { KUBECONFIG: cluster().kubeconfig, KUBECTL_TRACE_BACKEND: cluster().backendURL },
  });

async function succeed(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(...args);
  assert.equal(code, 0, stderr);
  return stdout;
}

const servedBy = (document: Document): unknown => document.requests.at(-1)?.lookup?.servedBy;

test('with one API server the report does not name it', async () => {
  assert.equal(servedBy(parseDocument(await succeed('get', 'nodes', '-o', 'json'))), null);
  assert.doesNotMatch(await succeed('show', 'last'), /Answered by/);
});

suite('with two API servers on one etcd', { skip: await unlessNamespaces() }, () => {
  const other = 'control-plane-2';
  let second = '';
  before(async () => {
    second = await startSecondAPIServer(cluster(), other);
  });

  for (const context of ['admin', 'masters']) {
    test(`${context} sees which one served the request`, async () => {
      const instances = new Set<string>();
      for (const [server, host] of [
        [cluster().server, hostname()],
        [second, other],
      ] as const) {
        const document = parseDocument(
          await succeed('get', 'nodes', '--context', context, '--server', server, '-o', 'json'),
        );
        const { resources, spans } = document.trace ?? {};
        const root = spans?.find(({ service, kind }) => service === 'apiserver' && kind === 'server');
        const instanceID = String(resources?.[root?.resource ?? -1]?.attributes['service.instance.id']);
        assert.deepEqual(servedBy(document), { instanceID, host, replicas: 2 });
        instances.add(instanceID);

        const line = `Served by the API server on ${host}, one of 2.`;
        assert.ok((await succeed('show', 'last')).split('\n').includes(line));
        // Markdown puts into a code span what a tracker would make a link of.
        assert.ok((await succeed('show', 'last', '-o', 'markdown')).replaceAll('`', '').includes(line));
      }
      assert.equal(instances.size, 2);
    });
  }

  test('with --redact the host has a pseudonym', async () => {
    const redacted = await succeed('get', 'nodes', '--server', second, '--redact', '-o', 'json');
    const { host, replicas } = servedBy(parseDocument(redacted)) as { host: string; replicas: number };
    assert.match(host, /^(host|name)-/);
    assert.equal(replicas, 2);
    assert.doesNotMatch(redacted, new RegExp(other));
  });

  test('a user without permission to list Leases sees no server', async () => {
    const args = ['get', '--raw', '/version', '--context', 'nobody', '--server', second];
    const document = parseDocument(await succeed(...args, '-o', 'json'));
    assert.equal(document.requests.at(-1)?.lookup?.foundBy, 'audit-id');
    assert.equal(servedBy(document), null);
    assert.doesNotMatch(await succeed('show', 'last'), /Answered by/);
  });
});
