import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { runKubectl } from '../contract/kubectl.ts';
import { cleanHome, kubectlTrace, type Outcome, type RunOptions } from '../support/kubectl-trace.ts';
import { parseDocument, type Document } from '../support/schema.ts';
import { webDeployment } from '../support/web-deployment.ts';

/** Commands of kubectl behind `trace`, and what kubectl prints for the same. */
const cluster = sharedCluster();
const home = cleanHome();
const folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-behind-'));
after(() => {
  home.remove();
  rmSync(folder, { recursive: true, force: true });
});

const file = (name: string): string => join(folder, name);

const kubectl = (...args: readonly string[]): ReturnType<typeof runKubectl> =>
  runKubectl(cluster().binaries.kubectl, args, { KUBECONFIG: cluster().kubeconfig });

function trace(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const { kubeconfig, backendURL, binaries } = cluster();
  const env = {
    KUBECONFIG: kubeconfig,
    KUBECTL_TRACE_BACKEND: `jaeger=${backendURL}`,
    PATH: [dirname(binaries.kubectl), process.env['PATH']].join(delimiter),
    ...options.env,
  };
  return kubectlTrace(home.path, args, { ...options, env });
}

/** Runs a command with its trace in a file. */
async function traced(args: readonly string[], options: RunOptions = {}): Promise<Outcome & { document: Document }> {
  const output = file('trace.json');
  const outcome = await trace(['-o', 'json', '--trace-output', output, ...args], options);
  return { ...outcome, document: parseDocument(readFileSync(output, 'utf8')) };
}

const requests = ({ requests: all }: Document): string[] =>
  all.filter(({ purpose }) => purpose === 'request').map(({ method, path }) => `${method} ${path}`);

let made: Promise<void> | undefined;
/** Hooks of the file itself run before there is a cluster. */
const scene = (): Promise<void> => (made ??= makeScene());

async function makeScene(): Promise<void> {
  writeFileSync(file('web.yaml'), webDeployment('web:1'));
  writeFileSync(file('kustomization.yaml'), 'resources: [web.yaml]\nnamePrefix: new-\n');
  for (const namespace of ['one', 'two', 'three']) await kubectl('create', 'namespace', namespace);
}

suite('a command that kubectl trace does not have', () => {
  before(scene);

  for (const line of [
    'describe namespace one',
    'describe namespace missing',
    'auth can-i get pods -n one',
    'events -n one',
    'api-resources --namespaced=false',
  ]) {
    test(`${line}: kubectl's output and exit code, and a complete trace`, async () => {
      const alone = await kubectl(...line.split(' '));
      const { stdout, code, document } = await traced(line.split(' '));
      assert.deepEqual([stdout, code], [alone.stdout, alone.exitCode]);
      assert.equal(document.command.verb, line.split(' ')[0]);
      assert.deepEqual(document.command.ran, ['kubectl', ...line.split(' ')]);
      assert.equal(document.verdict, 'complete');
    });
  }

  test('the trace is on standard error without a file for it', async () => {
    const { stdout, stderr } = await trace(['annotate', 'namespace', 'one', 'note=x', '--overwrite']);
    assert.equal(stdout, 'namespace/one annotated\n');
    assert.match(stderr, /^kubectl annotate namespace one note=x --overwrite {2}exit status 0 {2}/m);
    assert.match(stderr, /PATCH \/api\/v1\/namespaces\/one/);
  });

  test('connection flags behind it say where the proxy leads', async () => {
    const { document, stdout } = await traced(['describe', 'namespace', 'two', '--context', 'masters']);
    assert.match(stdout, /^Name: +two$/m);
    assert.equal(document.cluster.context, 'masters');
    assert.equal(document.requests.at(-1)?.lookup?.foundBy, 'trace-id');
  });

  test('a context that does not exist is reported by kubectl', async () => {
    const alone = await kubectl('describe', 'namespace', 'one', '--context', 'none');
    const { stdout, stderr, code } = await trace(['-o', 'json', 'describe', 'namespace', 'one', '--context', 'none']);
    assert.deepEqual([stdout, stderr.trimEnd(), code], [alone.stdout, alone.stderr, alone.exitCode]);
  });

  test('a misspelled command is reported by kubectl if kubectl has the nearest one, and by us if we alone have it', async () => {
    const alone = await kubectl('gett', 'nodes');
    const { stdout, stderr, code } = await trace(['gett', 'nodes']);
    assert.match(alone.stderr, /unknown command "gett" for "kubectl"\n\nDid you mean this\?\n\t/);
    assert.deepEqual([stdout, stderr.trimEnd(), code], [alone.stdout, alone.stderr, alone.exitCode]);
    const own = await trace(['histroy']);
    assert.deepEqual(
      [own.stderr, own.code],
      ['error: unknown command "histroy" for "kubectl trace"\nhint: Did you mean "history"?\n', 2],
    );
  });

  test('config changes the own kubeconfig, behind trace and behind run', async () => {
    const own = file('kubeconfig');
    copyFileSync(cluster().kubeconfig, own);
    const env = { KUBECONFIG: own };
    const behind = await trace(['config', 'set-context', 'first', '--user', 'admin'], { env });
    const ran = await trace(['run', '--', 'kubectl', 'config', 'set-context', 'second', '--user', 'admin'], { env });
    assert.deepEqual([behind.stderr, ran.stderr, behind.code, ran.code], ['', '', 0, 0]);
    assert.match(readFileSync(own, 'utf8'), /name: first/);
    assert.match(readFileSync(own, 'utf8'), /name: second/);
  });

  test('run with an image is kubectl’s run', async () => {
    const { stdout, code, document } = await traced([
      'run',
      'web',
      '--image',
      'web:1',
      '--dry-run=server',
      '-o',
      'name',
    ]);
    assert.deepEqual([stdout, code], ['pod/web\n', 0]);
    assert.equal(document.command.verb, 'run');
  });

  test('a run that kubectl refuses has a hint if another program may be meant, and none with an image', async () => {
    const line = ['run', 'web', '--image=InvalidImageName'];
    const [alone, refused] = [await kubectl(...line), await trace(line)];
    assert.deepEqual([refused.stderr.trimEnd(), refused.code], [alone.stderr, alone.exitCode]);
    const { stderr } = await trace(['run', 'helm', 'upgrade', 'web']);
    assert.match(stderr, /^hint: to trace another program, put two dashes before it: kubectl trace run -- helm …$/m);
  });

  test('without a kubectl on the PATH it is an error that says so', async () => {
    const { stdout, stderr, code } = await trace(['describe', 'pod', 'web'], { env: { PATH: folder } });
    assert.deepEqual([stdout, code], ['', 2]);
    assert.match(stderr, /^error: "describe" is run by kubectl, which cannot be found: .*\nhint: install kubectl, /);
  });
});

suite('a native verb with flags of kubectl', () => {
  before(scene);

  for (const line of [
    'get clusterroles -L kubernetes.io/bootstrapping',
    'get clusterroles --sort-by=.metadata.name --no-headers',
  ]) {
    test(`${line}: --show-response is what kubectl prints, and the trace follows`, async () => {
      const { stdout } = await kubectl(...line.split(' '));
      const shown = await trace([...line.split(' '), '--show-response']);
      assert.equal(shown.code, 0, shown.stderr);
      assert.ok(shown.stdout.startsWith(`${stdout}\n`), shown.stdout);
      assert.match(shown.stdout, /^kubectl get clusterroles /m);
      const alone = await trace(line.split(' '));
      assert.match(alone.stdout, /^kubectl get clusterroles /m);
    });
  }

  test('-o is the trace’s, and the response is in the document with --show-response', async () => {
    const { stdout } = await trace(['get', '-k', folder, '-n', 'one', '-ojson', '--show-response']);
    const document = parseDocument(stdout);
    assert.equal(document.exitCode, 1);
    // kubectl then reads the namespace, to say which of the two is missing.
    const paths = ['GET /apis/apps/v1/namespaces/one/deployments/new-web', 'GET /api/v1/namespaces/one'];
    assert.deepEqual(requests(document), paths);
    const [missing] = document.requests.filter(({ purpose }) => purpose === 'request');
    assert.match(JSON.stringify(missing?.body), /not found/);
  });

  test('an error of kubectl is printed once, in its words', async () => {
    const line = ['get', 'namespace', 'missing', '-L', 'app'];
    const alone = await kubectl(...line);
    const { stderr, code } = await trace(line);
    assert.deepEqual([stderr.trimEnd(), code], [alone.stderr, 1]);
    const { error } = parseDocument((await trace([...line, '-ojson'])).stdout);
    assert.deepEqual([error?.code, error?.reason], [1, 'KubectlFailed']);
    // There nothing else says why.
    const shown = await trace(['show', 'last']);
    assert.match(shown.stderr, /^error: exit status 1 of kubectl, /m);
  });

  test('apply -k: --show-response is what kubectl prints, and each object has its outcome', async () => {
    for (const outcome of ['created', 'unchanged']) {
      const { stdout: printed } = await kubectl('apply', '-k', folder, '-n', 'three');
      const { stdout, code } = await trace(['apply', '-k', folder, '-n', 'two', '--show-response']);
      assert.equal(code, 0);
      assert.equal(printed, `deployment.apps/new-web ${outcome}\n`);
      assert.ok(stdout.startsWith(`${printed}\n`), stdout);
      const alone = await trace(['apply', '-k', folder, '-n', 'two']);
      assert.match(alone.stdout, /deployment\.apps\/new-web unchanged/);
    }
  });
});

suite('default flags and aliases of the kuberc', () => {
  before(scene);
  before(() => {
    writeFileSync(
      file('kuberc'),
      `apiVersion: kubectl.config.k8s.io/v1beta1
kind: Preference
defaults: [{ command: get, options: [{ name: show-labels, default: "true" }] }]
aliases: [{ name: listall, command: get, prependArgs: [namespaces], options: [{ name: output, default: name }] }]
`,
    );
  });

  test('work behind trace', async () => {
    const env = { KUBERC: file('kuberc') };
    const { stdout } = await trace(['get', 'namespace', 'one', '--show-response'], { env });
    assert.match(stdout, /^NAME +STATUS +AGE +LABELS\none +Active/);
    const alias = await trace(['listall', '--wait', '0'], { env });
    assert.notEqual(alias.code, 0, 'flags behind an alias are kubectl’s');
    assert.match((await trace(['--wait', '0', 'listall'], { env })).stdout, /^namespace\/one$/m);
  });
});
