import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { executables } from './build.ts';
import { cachedExecutable } from './cache.ts';
import { defaultKubernetes, kubernetesVersions, serversOf } from './versions.ts';

const servers = serversOf();

/** An environment with an empty cache and, on its PATH, only the programs given by their scripts. */
async function emptyEnvironment(t: TestContext, programs: Record<string, string> = {}): Promise<NodeJS.ProcessEnv> {
  const folder = await mkdtemp(join(tmpdir(), 'kubectl-trace-build-'));
  t.after(() => rm(folder, { recursive: true }));
  for (const [name, script] of Object.entries(programs)) await program(join(folder, 'bin', name), script);
  return { HOME: folder, XDG_CACHE_HOME: join(folder, 'cache'), PATH: join(folder, 'bin') };
}

async function program(path: string, script = ''): Promise<string> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

const silent = (): void => {};

test('without Go the error names the missing programs and the fix, and nothing is built', async (t) => {
  const env = await emptyEnvironment(t);
  await assert.rejects(executables({ env, progress: silent }), (error: Error) => {
    for (const { name, version, variable } of servers) {
      assert.ok(error.message.includes(`${name} ${version}`), `${name} is not named`);
      assert.ok(error.message.includes(variable), `${variable} is not named`);
    }
    assert.match(error.message, /no go on the PATH: install Go 1\.26 or later/);
    return true;
  });
  assert.ok(!existsSync(env['XDG_CACHE_HOME']!));
});

test('a Go version that is too old is named', async (t) => {
  const env = await emptyEnvironment(t, { go: 'echo go1.25.9' });
  await assert.rejects(executables({ env, progress: silent }), /go1\.25\.9 is too old to build them: install Go 1\.26/);
});

test('only missing executables are required', async (t) => {
  const env = await emptyEnvironment(t);
  for (const { name, variable } of servers) {
    if (name !== 'etcd') env[variable] = await program(join(env['HOME']!, name));
  }
  await assert.rejects(
    executables({ env, progress: silent }),
    /the test cluster needs etcd [\d.]+, to be built with Go/,
  );
});

test('given executables are used in place of built ones', async (t) => {
  const env = await emptyEnvironment(t);
  const assets = join(env['HOME']!, 'assets');
  for (const name of ['etcd', 'kube-apiserver', 'kubectl']) await program(join(assets, name));
  const jaeger = await program(join(env['HOME']!, 'jaeger'));
  const own = await program(join(env['HOME']!, 'my-etcd'));
  const given = { KUBEBUILDER_ASSETS: assets, KUBECTL_TRACE_TEST_JAEGER: jaeger, KUBECTL_TRACE_TEST_ETCD: own };
  assert.deepEqual(await executables({ env: { ...env, ...given }, progress: silent }), {
    'kube-apiserver': join(assets, 'kube-apiserver'),
    kubectl: join(assets, 'kubectl'),
    etcd: own,
    jaeger,
  });
});

test('a given executable that does not exist is an error, not a reason to build', async (t) => {
  const env = await emptyEnvironment(t);
  await assert.rejects(
    executables({ env: { ...env, KUBECTL_TRACE_TEST_ETCD: '/nowhere/etcd' }, progress: silent }),
    /KUBECTL_TRACE_TEST_ETCD names \/nowhere\/etcd, which does not exist/,
  );
  await assert.rejects(
    executables({ env: { ...env, KUBEBUILDER_ASSETS: env['HOME'] }, progress: silent }),
    /KUBEBUILDER_ASSETS names .*, which has no kube-apiserver/,
  );
});

// A compiler of one line stands in for Go here: what is tested is what happens around it.
const compiler = `
[ "$1" = env ] && { echo go1.26.0; exit; }
while [ "$1" != -o ]; do shift; done
echo "$3" >"$2"`;

test('executables are built once into the cache, with progress messages', async (t) => {
  const env = await emptyEnvironment(t, { go: compiler });
  const lines: string[] = [];
  const progress = (line: string): void => void lines.push(line);
  const [first, second] = await Promise.all([executables({ env, progress }), executables({ env, progress })]);
  assert.deepEqual(first, second);
  for (const server of servers) {
    assert.equal(first[server.name], await cachedExecutable(server, env));
    const told = lines.filter((line) => line.includes(`${server.name} ${server.version}`));
    assert.equal(told.filter((line) => /^building .* usually /.test(line)).length, 1);
    assert.equal(told.filter((line) => /^built .* in \d+s$/.test(line)).length, 1);
  }
  lines.length = 0;
  assert.deepEqual(await executables({ env, progress }), first);
  assert.deepEqual(lines, []);
});

test("a failed build shows the compiler's message and leaves the cache unchanged", async (t) => {
  const env = await emptyEnvironment(t, {
    go: '[ "$1" = env ] && echo go1.26.0 && exit; echo no such module >&2; exit 1',
  });
  await assert.rejects(
    executables({ env, progress: silent }),
    /^Error: building \S+ [\d.]+ failed with exit status 1:\nno such module$/,
  );
  for (const server of servers) assert.ok(!existsSync(await cachedExecutable(server, env)));
});

test('another Kubernetes version builds only its own kube-apiserver', async (t) => {
  const env = await emptyEnvironment(t, { go: compiler });
  const [other] = kubernetesVersions.filter((version) => version !== defaultKubernetes);
  const assets = join(env['HOME']!, 'assets');
  for (const name of ['etcd', 'kube-apiserver', 'kubectl']) await program(join(assets, name));
  env['KUBEBUILDER_ASSETS'] = assets;
  const lines: string[] = [];
  const built = await executables({ env, progress: (line) => void lines.push(line), kubernetes: other! });
  assert.match(built['kube-apiserver'], new RegExp(`/kube-apiserver-${other!}-[^/]+/kube-apiserver`));
  assert.equal(built.kubectl, join(assets, 'kubectl'));
  const titles = lines.map((line) => /^built (\S+ \S+)/.exec(line)?.[1]).filter((title) => title !== undefined);
  const jaeger = servers.find(({ name }) => name === 'jaeger')!.version;
  assert.deepEqual(titles.sort(), [`jaeger ${jaeger}`, `kube-apiserver ${other!}`]);
});

test('a Kubernetes version without a module is rejected, and the known ones are named', async (t) => {
  const env = await emptyEnvironment(t);
  await assert.rejects(executables({ env, progress: silent, kubernetes: '1.12.0' }), (error: Error) => {
    assert.match(error.message, /^no kube-apiserver 1\.12\.0 here: there are /);
    for (const version of kubernetesVersions) assert.ok(error.message.includes(version));
    return true;
  });
});
