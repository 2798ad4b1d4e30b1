import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ConnectProxy } from '../../../support/connect-proxy.ts';
import { makeEnvtest, serveHalf, serveRange, type MadeArchive } from '../../../support/envtest.ts';
import { serve } from '../../../support/http-server.ts';
import { unlessNamespaces } from '../../../support/namespaces.ts';
import { envtestArchive, envtestFolder } from './archive.ts';
import { ENVTEST_SUMS } from './pinned.ts';

const PROGRAMS = { etcd: 'echo etcd', 'kube-apiserver': randomBytes(300_000).toString('hex'), kubectl: 'echo kubectl' };

interface Attempt {
  readonly folder: string | undefined;
  readonly lines: readonly string[];
  /** What the cache has afterwards. */
  readonly cached: readonly string[];
}

/** Fetches the archive of an address into an empty cache. */
async function attempt(t: TestContext, mirror: string, sha512: string, more: NodeJS.ProcessEnv = {}): Promise<Attempt> {
  const cache = await mkdtemp(join(tmpdir(), 'kubectl-trace-cache-'));
  t.after(() => rm(cache, { recursive: true }));
  return attemptIn(cache, mirror, sha512, more);
}

async function attemptIn(
  cache: string,
  mirror: string,
  sha512: string,
  more: NodeJS.ProcessEnv = {},
): Promise<Attempt> {
  const lines: string[] = [];
  const env = {
    XDG_CACHE_HOME: cache,
    KUBECTL_TRACE_TEST_ENVTEST_MIRROR: mirror,
    KUBECTL_TRACE_TEST_ENVTEST_SHA512: sha512,
    ...more,
  };
  const { signal } = new AbortController();
  const folder = await envtestFolder({ env, progress: (line) => void lines.push(line), signal });
  return { folder, lines, cached: await readdir(join(cache, 'kubectl-trace', 'servers')) };
}

async function assertUnpacked({ folder, lines, cached }: Attempt): Promise<void> {
  assert.ok(folder !== undefined, lines.join('\n'));
  assert.deepEqual(cached, [basename(folder)]);
  assert.deepEqual((await readdir(folder)).sort(), Object.keys(PROGRAMS).sort());
  for (const [name, text] of Object.entries(PROGRAMS)) {
    assert.equal(await readFile(join(folder, name), 'utf8'), text);
    assert.equal((await stat(join(folder, name))).mode & 0o777, 0o755);
  }
}

const madeArchive = (t: TestContext): Promise<MadeArchive> => makeEnvtest(t, PROGRAMS);

test('the archive is downloaded with progress, checked, unpacked and cached', async (t) => {
  const { bytes, sha512 } = await madeArchive(t);
  const server = await serve(t, (request, response) => serveRange(bytes, request, response));
  const first = await attempt(t, `${server.url}/mirror/`, sha512);
  await assertUnpacked(first);
  const [{ url } = {}] = server.requests;
  assert.match(url ?? '', /^\/mirror\/envtest-v([\d.]+)\/envtest-v\1-(linux|darwin)-(amd64|arm64)\.tar\.gz$/);
  assert.match(first.lines[0]!, /^downloading envtest [\d.]+ \(etcd, kube-apiserver and kubectl; once, cached in \//);
  assert.match(first.lines.at(-1)!, /^downloaded 100% of \d+ MB$/);

  const cache = join(first.folder!, '../../..');
  const again = await attemptIn(cache, server.url, sha512);
  assert.deepEqual(again, { folder: first.folder, lines: [], cached: first.cached });
  assert.equal(server.requests.length, 1);
});

test('a download that breaks off goes on where it broke', async (t) => {
  const { bytes, sha512 } = await madeArchive(t);
  const server = await serve(t, (request, response) => {
    if (request.headers.range === undefined) serveHalf(bytes, response);
    else serveRange(bytes, request, response);
  });
  await assertUnpacked(await attempt(t, server.url, sha512));
  assert.equal(server.requests.length, 2);
});

test('a server without ranges sends it again from the beginning', async (t) => {
  const { bytes, sha512 } = await madeArchive(t);
  const server = await serve(t, (_, response) => {
    if (server.requests.length === 1) serveHalf(bytes, response);
    else response.end(bytes);
  });
  const got = await attempt(t, server.url, sha512);
  await assertUnpacked(got);
  assert.ok(got.lines.some((line) => line.startsWith('the download broke off')));
});

test('a download that never arrives complete leaves nothing in the cache', async (t) => {
  const { bytes, sha512 } = await madeArchive(t);
  const server = await serve(t, (_, response) => serveHalf(bytes, response));
  assertRefused(await attempt(t, server.url, sha512), /^cannot use envtest [\d.]+ from http:\S+: ./);
});

function assertRefused({ folder, lines, cached }: Attempt, why: RegExp): void {
  assert.equal(folder, undefined);
  assert.match(lines.at(-1)!, why);
  assert.deepEqual(cached, []);
}

test('another checksum than the pinned one is named, and nothing of it is used', async (t) => {
  const { bytes } = await madeArchive(t);
  const server = await serve(t, (request, response) => serveRange(bytes, request, response));
  const wrong = '0'.repeat(128);
  assertRefused(await attempt(t, server.url, wrong), new RegExp(`: its SHA-512 is [0-9a-f]{128}, and not ${wrong}$`));
});

test('an unreachable server, and one without the archive, are named', async (t) => {
  const { sha512 } = await madeArchive(t);
  const server = await serve(t, (_, response) => response.writeHead(404).end('not here'));
  assertRefused(await attempt(t, server.url, sha512), /: the server responded 404$/);
  const closed = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => closed.once('listening', resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  assertRefused(await attempt(t, `http://127.0.0.1:${port}`, sha512), /: connect ECONNREFUSED 127\.0\.0\.1:\d+$/);
  assertRefused(await attempt(t, 'http://releases.invalid', sha512), /: getaddrinfo (ENOTFOUND|EAI_AGAIN) releases/);
});

test('the proxy of the environment is used, and the exceptions of NO_PROXY', async (t) => {
  const { bytes, sha512 } = await madeArchive(t);
  const server = await serve(t, (request, response) => serveRange(bytes, request, response));
  await assertUnpacked(await attempt(t, 'http://releases.example', sha512, { HTTP_PROXY: server.url }));
  assert.match(server.requests[0]!.url!, /^http:\/\/releases\.example\/envtest-v/);
  const direct = { http_proxy: 'http://127.0.0.1:1', NO_PROXY: '127.0.0.1' };
  await assertUnpacked(await attempt(t, server.url, sha512, direct));
});

test('a proxy for https that cannot connect is named', async (t) => {
  const { sha512 } = await madeArchive(t);
  const server = await serve(t, (_, response) => response.end());
  const proxy = await ConnectProxy.start(Number(new URL(server.url).port));
  t.after(() => proxy.stop());
  // No TLS comes back through the tunnel.
  assertRefused(
    await attempt(t, '', sha512, { HTTPS_PROXY: proxy.url }),
    /from https:\/\/github\.com\/kubernetes-sigs/,
  );
  assert.equal(proxy.tunnels[0], 'github.com:443');
  const refused = { HTTPS_PROXY: 'http://127.0.0.1:1' };
  assertRefused(
    await attempt(t, '', sha512, refused),
    /with the proxy http:\/\/127\.0\.0\.1:1 in the environment: .*connect ECONNREFUSED/,
  );
});

test("the password in a proxy's address is not shown", async (t) => {
  const { sha512 } = await madeArchive(t);
  const { lines } = await attempt(t, '', sha512, { HTTPS_PROXY: 'http://ada:s3cret@127.0.0.1:1' });
  assert.match(lines.at(-1)!, /with the proxy http:\/\/127\.0\.0\.1:1 in the environment:/);
  assert.doesNotMatch(lines.join('\n'), /s3cret|ada/);
});

test('an archive without one of the programs is refused', async (t) => {
  const { bytes, sha512 } = await makeEnvtest(t, { etcd: '', kubectl: '' });
  const server = await serve(t, (request, response) => serveRange(bytes, request, response));
  const why = /: the archive has no controller-tools\/envtest\/kube-apiserver$/;
  assertRefused(await attempt(t, server.url, sha512), why);
});

test('an archive that is not one is refused, although its checksum is right', async (t) => {
  const { bytes: complete } = await madeArchive(t);
  const bytes = complete.subarray(0, 1000);
  const server = await serve(t, (request, response) => serveRange(bytes, request, response));
  const sum = createHash('sha512').update(bytes).digest('hex');
  assertRefused(await attempt(t, server.url, sum), /: .*(unexpected end of file|truncated)/i);
});

test('an interrupt ends the download and leaves nothing', async (t) => {
  const { bytes, sha512 } = await madeArchive(t);
  const interrupted = new AbortController();
  const server = await serve(t, (_, response) => {
    response.writeHead(200, { 'content-length': bytes.length });
    response.write(bytes.subarray(0, 1000), () => interrupted.abort(new Error('interrupted')));
  });
  const cache = await mkdtemp(join(tmpdir(), 'kubectl-trace-cache-'));
  t.after(() => rm(cache, { recursive: true }));
  const env = {
    XDG_CACHE_HOME: cache,
    KUBECTL_TRACE_TEST_ENVTEST_MIRROR: server.url,
    KUBECTL_TRACE_TEST_ENVTEST_SHA512: sha512,
  };
  const lines: string[] = [];
  const progress = (line: string): void => void lines.push(line);
  await assert.rejects(envtestFolder({ env, progress, signal: interrupted.signal }), /interrupted/);
  assert.deepEqual(await readdir(join(cache, 'kubectl-trace', 'servers')), []);
  assert.equal(lines.length, 1);
});

test('files that a killed process has left behind are removed', async (t) => {
  const { bytes, sha512 } = await madeArchive(t);
  const server = await serve(t, (request, response) => serveRange(bytes, request, response));
  const cache = await mkdtemp(join(tmpdir(), 'kubectl-trace-cache-'));
  t.after(() => rm(cache, { recursive: true }));
  // No process has this ID: Linux's largest is 2^22.
  const left = join(cache, 'kubectl-trace', 'servers', 'envtest-1.0.0-linux-amd64-0123.4194305.unfinished');
  await mkdir(join(left, 'programs'), { recursive: true });
  await assertUnpacked(await attemptIn(cache, server.url, sha512));
  assert.ok(!existsSync(left));
});

test('a full disk is named', { skip: await unlessNamespaces() }, async (t) => {
  const { bytes, sha512 } = await madeArchive(t);
  const server = await serve(t, (request, response) => serveRange(bytes, request, response));
  const cache = await mkdtemp(join(tmpdir(), 'kubectl-trace-cache-'));
  t.after(() => rm(cache, { recursive: true }));
  const program = `
    import { envtestFolder } from ${JSON.stringify(fileURLToPath(new URL('archive.ts', import.meta.url)))};
    const progress = (line) => console.log(line);
    const folder = await envtestFolder({ env: process.env, progress, signal: new AbortController().signal });
    console.log(folder ?? 'none');
  `;
  const mounted = 'mount -t tmpfs -o size=256k none "$0" && "$@"; ls -A "$0/kubectl-trace/servers"';
  const root = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  const node = [process.execPath, '--input-type=module', '-e', program];
  const { stdout } = await promisify(execFile)(
    'unshare',
    [...root, '--mount', '--propagation', 'private', 'sh', '-c', mounted, cache, ...node],
    {
      env: {
        PATH: process.env['PATH'],
        XDG_CACHE_HOME: cache,
        KUBECTL_TRACE_TEST_ENVTEST_MIRROR: server.url,
        KUBECTL_TRACE_TEST_ENVTEST_SHA512: sha512,
      },
    },
  );
  // The listing at the end is empty.
  assert.match(stdout, /\ncannot use envtest \S+ from \S+: no space left on device[^\n]*\nnone\n$/);
});

test('each platform has its archive, and one that is not pinned has none', () => {
  const env = { XDG_CACHE_HOME: '/cache' };
  const of = (platform: NodeJS.Platform, arch: NodeJS.Architecture): string | undefined =>
    envtestArchive(env, { platform, arch })?.url.replace(/^.*envtest-v[\d.]+-/, '');
  assert.equal(of('linux', 'x64'), 'linux-amd64.tar.gz');
  assert.equal(of('darwin', 'arm64'), 'darwin-arm64.tar.gz');
  assert.equal(of('win32', 'x64'), undefined);
  assert.equal(of('linux', 's390x'), undefined);
  for (const sum of Object.values(ENVTEST_SUMS)) assert.match(sum, /^[0-9a-f]{128}$/);
  assert.equal(
    dirname(envtestArchive(env, { platform: 'linux', arch: 'x64' })!.folder),
    '/cache/kubectl-trace/servers',
  );
});
