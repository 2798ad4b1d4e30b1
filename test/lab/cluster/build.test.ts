import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { makeEnvtest, serveRange } from '../../support/envtest.ts';
import { serve } from '../../support/http-server.ts';
import { executables, executablesOf } from './build.ts';
import { cachedExecutable } from './cache.ts';
import { defaultKubernetes, helm, hotrod, kubernetesVersions, serversOf } from './versions.ts';

const servers = serversOf();

/** An environment with an empty cache and, on its PATH, only the programs given by their scripts. */
async function emptyEnvironment(t: TestContext, programs: Record<string, string> = {}): Promise<NodeJS.ProcessEnv> {
  const folder = await mkdtemp(join(tmpdir(), 'kubectl-trace-build-'));
  t.after(() => rm(folder, { recursive: true }));
  for (const [name, script] of Object.entries(programs)) await program(join(folder, 'bin', name), script);
  return {
    HOME: folder,
    XDG_CACHE_HOME: join(folder, 'cache'),
    PATH: join(folder, 'bin'),
    // No test leaves this machine.
    KUBECTL_TRACE_TEST_ENVTEST_MIRROR: 'http://127.0.0.1:1',
  };
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

test('many missing programs are a list, a line for each', async (t) => {
  const env = await emptyEnvironment(t);
  const programs = [...servers, helm, hotrod];
  await assert.rejects(executablesOf(programs, { env, progress: silent }), (error: Error) => {
    const [sentence = '', ...lines] = error.message.split('\n');
    assert.match(sentence, /^the test cluster needs 6 programs, to be built with Go, and there is no go on the PATH: /);
    assert.deepEqual(
      lines.map((line) => line.trim().split(/ +/)),
      programs.map(({ name, version, variable }) => [name, version, variable]),
    );
    return true;
  });
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

/** The environment with envtest's archive on a server. */
async function withEnvtest(t: TestContext, env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const { bytes, sha512 } = await makeEnvtest(t, {
    etcd: 'etcd',
    'kube-apiserver': 'kube-apiserver',
    kubectl: 'kubectl',
  });
  const server = await serve(t, (request, response) => serveRange(bytes, request, response));
  return {
    ...env,
    KUBECTL_TRACE_TEST_ENVTEST_MIRROR: server.url,
    KUBECTL_TRACE_TEST_ENVTEST_SHA512: sha512,
  };
}

const without = ['jaeger'] as const;

test("where envtest's archive is preferred, Go builds nothing", async (t) => {
  const env = await withEnvtest(t, await emptyEnvironment(t, { go: compiler }));
  const found = await executables({ env, progress: silent, without, archiveFirst: true });
  for (const name of ['etcd', 'kube-apiserver', 'kubectl'] as const) {
    assert.match(found[name], new RegExp(`/servers/envtest-[^/]+/${name}$`));
    assert.equal(await readFile(found[name], 'utf8'), name);
  }
});

test('what is built already, or given, is preferred to the archive', async (t) => {
  const env = await withEnvtest(t, await emptyEnvironment(t, { go: compiler }));
  const built = await executables({ env, progress: silent, without });
  assert.deepEqual(await executables({ env, progress: silent, without, archiveFirst: true }), built);
  const assets = join(env['HOME']!, 'assets');
  for (const name of ['etcd', 'kube-apiserver', 'kubectl']) await program(join(assets, name));
  const given = await executables({
    env: { ...env, KUBEBUILDER_ASSETS: assets },
    progress: silent,
    without,
    archiveFirst: true,
  });
  assert.equal(given.etcd, join(assets, 'etcd'));
});

test('after an archive that cannot be had Go builds, and a line has said why', async (t) => {
  const env = await emptyEnvironment(t, { go: compiler });
  const lines: string[] = [];
  const progress = (line: string): void => void lines.push(line);
  const found = await executables({ env, progress, without, archiveFirst: true });
  assert.equal(
    found.etcd,
    await cachedExecutable(
      servers.find(({ name }) => name === 'etcd')!,
      env,
    ),
  );
  assert.match(lines[1]!, /^cannot use envtest [\d.]+ from \S+: connect ECONNREFUSED/);
});

test('without Go the archive stands in for a build, where it has all that is missing', async (t) => {
  const env = await withEnvtest(t, await emptyEnvironment(t));
  const found = await executables({ env, progress: silent, without });
  assert.match(found.kubectl, /\/servers\/envtest-[^/]+\/kubectl$/);
  const lines: string[] = [];
  const all = executables({
    env: { ...env, XDG_CACHE_HOME: join(env['HOME']!, 'other') },
    progress: (line) => void lines.push(line),
  });
  await assert.rejects(all, /needs kube-apiserver [\d.]+, jaeger [\d.]+, etcd .* in KUBEBUILDER_ASSETS$/);
  assert.deepEqual(lines, []);
});

test('a Kubernetes version without a module is rejected, and the known ones are named', async (t) => {
  const env = await emptyEnvironment(t);
  await assert.rejects(executables({ env, progress: silent, kubernetes: '1.12.0' }), (error: Error) => {
    assert.match(error.message, /^no kube-apiserver 1\.12\.0 here: there are /);
    for (const version of kubernetesVersions) assert.ok(error.message.includes(version));
    return true;
  });
});
