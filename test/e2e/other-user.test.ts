import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { cleanHome, kubectlTrace, type Outcome } from '../support/kubectl-trace.ts';
import { asOther, NEEDS_ROOT, OTHER_UID } from '../support/other-user.ts';
import { exportRequest, newTrace } from '../support/otlp.ts';
import { startServe, type RunningServe } from '../support/serve.ts';

/* What a second user of the same machine can do, as such a user. */

/** A folder that everybody may write into, as /tmp. */
function shared(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-shared-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, 0o1777);
  return folder;
}

function home(t: TestContext): string {
  const clean = cleanHome();
  t.after(() => clean.remove());
  return clean.path;
}

async function start(t: TestContext, args: readonly string[], at = home(t)): Promise<RunningServe & { home: string }> {
  const serve = await startServe(at, { args });
  t.after(() => serve.end('SIGKILL'));
  return { ...serve, home: at };
}

const WITH_A_FILE = 'secret of this user\n';

suite('--trace-output', () => {
  const run = (t: TestContext, file: string): Promise<Outcome> =>
    kubectlTrace(home(t), ['run', '--server', 'http://127.0.0.1:1', '--trace-output', file, '--', 'true']);

  test('does not follow a link of another user', { skip: NEEDS_ROOT }, async (t) => {
    const folder = shared(t);
    const victim = join(folder, 'victim');
    writeFileSync(victim, WITH_A_FILE);
    await asOther(`ln -s ${victim} ${folder}/out && ln -s / ${folder}/root`);
    for (const file of [`${folder}/out`, `${folder}/root${folder}/new`]) {
      const { code, stderr } = await run(t, file);
      assert.equal(code, 2);
      assert.match(stderr, /^error: cannot write .*is a link made by another user$/m);
    }
    assert.equal(readFileSync(victim, 'utf8'), WITH_A_FILE);
    assert.ok(!existsSync(join(folder, 'new')));
  });

  test('does not write into a file of another user', { skip: NEEDS_ROOT }, async (t) => {
    const folder = shared(t);
    await asOther(`umask 0; echo theirs > ${folder}/out`);
    const { code, stderr } = await run(t, join(folder, 'out'));
    assert.equal(code, 2);
    assert.match(stderr, /it belongs to another user/);
    assert.equal(readFileSync(join(folder, 'out'), 'utf8'), 'theirs\n');
  });

  test('does not write into a pipe of another user', { skip: NEEDS_ROOT, timeout: 60_000 }, async (t) => {
    const folder = shared(t);
    await asOther(`umask 0; mkfifo ${folder}/out`);
    const { code, stderr } = await run(t, join(folder, 'out'));
    assert.equal(code, 2);
    assert.match(stderr, /it is a pipe of another user/);
  });

  test('does not write into a file with a second hard link', async (t) => {
    const folder = shared(t);
    writeFileSync(join(folder, 'victim'), WITH_A_FILE);
    linkSync(join(folder, 'victim'), join(folder, 'out'));
    const { code, stderr } = await run(t, join(folder, 'out'));
    assert.equal(code, 2);
    assert.match(stderr, /hard link/);
    assert.equal(readFileSync(join(folder, 'victim'), 'utf8'), WITH_A_FILE);
  });

  test("ends up private to this user with any mode before, also through this user's own link", async (t) => {
    const folder = shared(t);
    for (const name of ['new', 'wide', 'linked']) {
      const file = join(folder, name);
      if (name !== 'new')
        writeFileSync(file, 'what was there before, which is longer than the trace'.repeat(100), { mode: 0o666 });
      if (name === 'wide') chmodSync(file, 0o666);
      if (name === 'linked') symlinkSync(file, `${file}-by-link`);
      const { stderr } = await run(t, name === 'linked' ? `${file}-by-link` : file);
      assert.doesNotMatch(stderr, /cannot write/);
      assert.equal(statSync(file).mode & 0o777, 0o600, name);
      assert.doesNotMatch(readFileSync(file, 'utf8'), /before/);
    }
  });
});

/* As under sudo where that leaves HOME as it was. */
test('root makes no folder in the home of another user', { skip: NEEDS_ROOT }, async (t) => {
  const other = home(t);
  chownSync(other, OTHER_UID, OTHER_UID);
  for (const args of [
    ['raw', 'GET', '/version', '--server', 'http://127.0.0.1:1'],
    ['run', '--server', 'http://127.0.0.1:1', '--', 'true'],
  ]) {
    await kubectlTrace(other, args);
    assert.deepEqual(readdirSync(other), []);
  }
});

suite('the store', () => {
  for (const file of ['traces.db', 'traces.db-wal', 'traces.db-shm']) {
    test(`with ${file} as a link of another user is rejected`, { skip: NEEDS_ROOT }, async (t) => {
      const folder = shared(t);
      writeFileSync(join(folder, 'victim'), WITH_A_FILE);
      await asOther(`ln -s ${folder}/victim ${folder}/${file}`);
      const ports = ['--listen', '127.0.0.1:0', '--listen-http', 'none', '--listen-query', '127.0.0.1:0'];
      const { code, stderr } = await kubectlTrace(home(t), [
        'serve',
        ...ports,
        '--database',
        join(folder, 'traces.db'),
      ]);
      assert.equal(code, 1);
      assert.match(stderr, /^error: the trace store .* is not used: /m);
      assert.equal(readFileSync(join(folder, 'victim'), 'utf8'), WITH_A_FILE);
    });
  }

  test('is private to this user, including the files next to it', async (t) => {
    const folder = shared(t);
    const database = join(folder, 'traces.db');
    const serve = await start(t, ['--database', database]);
    for (const name of [database, `${database}-wal`, `${database}-shm`]) {
      assert.equal(statSync(name).mode & 0o777, 0o600, name);
    }
    assert.equal(await serve.end(), 0);
  });
});

test('a serve that has ended leaves no state file', async (t) => {
  const serve = await start(t, []);
  const note = join(serve.home, '.local', 'state', 'kubectl-trace', 'serve.json');
  assert.match(readFileSync(note, 'utf8'), /"secret":"[0-9a-f]{64}"/);
  const told = await (await fetch(`${serve.query}/kubectl-trace/serve`)).text();
  assert.doesNotMatch(told, /secret|instance/);
  assert.equal(await serve.end(), 0);
  assert.ok(!existsSync(note));
});

suite('--socket', () => {
  test('serves queries of this user, and opens no port for them', async (t) => {
    const at = home(t);
    const socket = join(at, 'private', 'serve.sock');
    const child = await start(t, ['--socket', socket], at);
    assert.match(child.said(), new RegExp(`query API on unix:${socket}$`, 'm'));
    assert.equal(statSync(socket).mode & 0o777, 0o600);
    assert.equal(statSync(join(at, 'private')).mode & 0o777, 0o700);
    const trace = newTrace();
    const headers = { 'content-type': 'application/x-protobuf' };
    const body = new Uint8Array(exportRequest([{ trace }]));
    assert.equal((await fetch(`http://${child.otlp}/v1/traces`, { method: 'POST', headers, body })).status, 200);
    const shown = await kubectlTrace(at, ['show', trace, '--backend', 'local', '--wait', '0', '-o', 'json']);
    assert.equal(shown.code, 0, shown.stderr);
    const { backend } = JSON.parse(shown.stdout) as { backend: object };
    assert.deepEqual(backend, { kind: 'local', url: `unix://${socket}`, traceURL: null });
    assert.equal(await child.end(), 0);
    assert.ok(!existsSync(socket));
  });

  test('rejects another user, even in a world-accessible folder', { skip: NEEDS_ROOT }, async (t) => {
    const folder = shared(t);
    const at = home(t);
    const socket = join(folder, 'own', 'serve.sock');
    await start(t, ['--socket', socket], at);
    const reach = `import('node:net').then(({ connect }) => connect('${socket}').on('connect', () => console.log('in')).on('error', (e) => console.log(e.code)))`;
    const code = (await asOther(`exec ${process.execPath} -e "${reach}" 2>&1`)).trim();
    assert.equal(code, 'EACCES');
    chmodSync(join(folder, 'own'), 0o755);
    assert.equal((await asOther(`exec ${process.execPath} -e "${reach}" 2>&1`)).trim(), 'EACCES');
  });

  test('rejects a folder that others can enter, with a hint', async (t) => {
    const folder = shared(t);
    mkdirSync(join(folder, 'open'), { mode: 0o755 });
    const at = home(t);
    const args = ['serve', '--listen', '127.0.0.1:0', '--listen-http', 'none', '--socket', join(folder, 'open', 's')];
    const { code, stderr } = await kubectlTrace(at, args);
    assert.equal(code, 1);
    assert.match(stderr, /^error: cannot listen on the socket .*: its folder .* is not for you alone$/m);
    assert.match(stderr, /^hint: chmod 700 /m);
  });

  test('replaces a stale socket, not an active one', async (t) => {
    const at = home(t);
    const socket = join(at, 'private', 'serve.sock');
    const first = await start(t, ['--socket', socket], at);
    await first.end('SIGKILL');
    assert.ok(existsSync(socket));
    await start(t, ['--socket', socket], at);
    const args = ['serve', '--listen', '127.0.0.1:0', '--listen-http', 'none', '--socket', socket];
    const { code, stderr } = await kubectlTrace(home(t), args);
    assert.equal(code, 1);
    assert.match(stderr, /another program listens there/);
  });
});
