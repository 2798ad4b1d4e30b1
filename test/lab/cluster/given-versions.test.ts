import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Executables } from './build.ts';
import { etcdArgs, tracingConfiguration } from './commands.ts';
import { givenVersions } from './given-versions.ts';

const ports = { etcd: 1, apiserver: 2, otlpGRPC: 3, otlpHTTP: 4, jaeger: 5 };

/** Programs that print their version as etcd and kube-apiserver do. */
async function printing(t: TestContext, kubernetes: string, etcd: string): Promise<Executables> {
  const folder = await mkdtemp(join(tmpdir(), 'kubectl-trace-versions-'));
  t.after(() => rm(folder, { recursive: true }));
  const program = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, `#!/bin/sh\nprintf '${text}\\n'\n`);
    await chmod(path, 0o755);
    return path;
  };
  return {
    etcd: await program('etcd', `etcd Version: ${etcd}\\nGit SHA: 5d544dc\\nGo Version: go1.22.9`),
    'kube-apiserver': await program('kube-apiserver', `Kubernetes v${kubernetes}`),
    kubectl: '/nowhere',
    jaeger: '/nowhere',
  };
}

test('servers of KUBEBUILDER_ASSETS get the flags and the format of their version', async (t) => {
  const given = await givenVersions(await printing(t, '1.30.0', '3.5.12'), { KUBEBUILDER_ASSETS: '/assets' });
  assert.deepEqual(given, { kubernetes: '1.30.0', etcd: '3.5.12' });
  assert.ok(etcdArgs('/data', ports, given).includes('--experimental-enable-distributed-tracing'));
  assert.match(tracingConfiguration(ports, given), /^apiVersion: apiserver\.config\.k8s\.io\/v1beta1$/m);
});

test('servers of the newest version, and those that the tests build, get the present ones', async (t) => {
  const given = await givenVersions(await printing(t, '1.37.0', '3.7.0'), { KUBEBUILDER_ASSETS: '/assets' });
  for (const versions of [given, await givenVersions(await printing(t, '1.30.0', '3.5.12'), {})]) {
    assert.ok(etcdArgs('/data', ports, versions).includes('--enable-distributed-tracing'));
    assert.match(tracingConfiguration(ports, versions), /^apiVersion: apiserver\.config\.k8s\.io\/v1$/m);
  }
});

test('an API server that is too old to trace is named', async (t) => {
  const binaries = await printing(t, '1.26.1', '3.5.6');
  const env = { KUBECTL_TRACE_TEST_KUBE_APISERVER: binaries['kube-apiserver'] };
  await assert.rejects(
    givenVersions(binaries, env),
    /is Kubernetes 1\.26\.1, which is too old to trace: 1\.27 or later/,
  );
});

test('a program that does not say its version is taken for one of today', async (t) => {
  const binaries = { ...(await printing(t, 'x', 'y')), etcd: '/nowhere' };
  assert.deepEqual(await givenVersions(binaries, { KUBEBUILDER_ASSETS: '/assets' }), {});
});
