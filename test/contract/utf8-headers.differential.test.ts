import assert from 'node:assert/strict';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { after, suite, test, type TestContext } from 'node:test';
import { executables } from '../lab/cluster/build.ts';
import { cleanHome, kubectlTrace } from '../support/kubectl-trace.ts';
import { folderOf } from '../unit/kube/folder.ts';
import { runKubectl } from './kubectl.ts';

const home = cleanHome();
after(() => home.remove());

/** Records the heads of requests byte by byte, and answers each with an empty list. */
async function recorder(t: TestContext): Promise<{ readonly url: string; readonly heads: Buffer[] }> {
  const heads: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let bytes = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      for (let end = bytes.indexOf('\r\n\r\n'); end >= 0; end = bytes.indexOf('\r\n\r\n')) {
        heads.push(bytes.subarray(0, end));
        bytes = bytes.subarray(end + 4);
        const body = '{"kind":"List","apiVersion":"v1","items":[]}';
        socket.write(
          `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
        );
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heads };
}

/** Who each recorded request is sent as: the bytes of its Impersonate headers, each once. */
const identities = (heads: readonly Buffer[]): string[] =>
  [
    ...new Set(
      heads.map((head) =>
        head
          .toString('latin1')
          .split('\r\n')
          .filter((line) => /^impersonate-/i.test(line))
          .map((line) => line.replace(/^[^:]+/, (name) => name.toLowerCase()))
          .toSorted()
          .map((line) => Buffer.from(line, 'latin1').toString('hex'))
          .join(' '),
      ),
    ),
  ].filter((identity) => identity !== '');

const WHO = [
  ['--as', 'josé'],
  ['--as', 'Łukasz'],
  ['--as', 'системный', '--as-group', '管理者', '--as-group', 'café'],
  // Line breaks of YAML, which the kubeconfig of run is read as, and characters that it must not hold as they are.
  ['--as', 'a\u0085b', '--as-uid', 'c\u2028d', '--as-group', 'e\u009ff\ufeff', '--as-group', '\u{1f600}'],
  ['--as', 'Zoë', '--as-user-extra', 'team=ßß', '--as-user-extra', 'téam=x', '--as-uid', 'ü-1'],
];

suite("impersonation headers have the same bytes as kubectl's", () => {
  for (const flags of WHO) {
    test(flags.join(' '), async (t) => {
      const { kubectl } = await executables();
      const folder = await folderOf(t, { empty: '' });
      const args = ['get', '--raw', '/api/v1/namespaces', ...flags];
      const kubeconfig = ['--kubeconfig', `${folder}/empty`];
      const theirs = await recorder(t);
      await runKubectl(kubectl, [...args, ...kubeconfig, '--server', theirs.url]);
      const expected = identities(theirs.heads);
      assert.equal(expected.length, 1);

      const ours = await recorder(t);
      const { stderr } = await kubectlTrace(home.path, [...args, ...kubeconfig, '--server', ours.url, '--wait', '0']);
      assert.deepEqual(identities(ours.heads), expected, stderr);

      // The child's own flags, and the flags of run, which the child does not see.
      for (const at of ['child', 'run'] as const) {
        const seen = await recorder(t);
        const own = ['--server', seen.url, ...kubeconfig, '--wait', '0', ...(at === 'run' ? flags : [])];
        const child = [kubectl, 'get', '--raw', '/api/v1/namespaces', ...(at === 'child' ? flags : [])];
        const ended = await kubectlTrace(home.path, ['run', ...own, '--', ...child]);
        assert.deepEqual(identities(seen.heads), expected, `${at}: ${ended.stderr}`);
      }
    });
  }
});

test('a header of raw has the UTF-8 bytes of its text', async (t) => {
  const seen = await recorder(t);
  const args = ['raw', 'GET', '/x', '--header', 'X-Name: Łukasz é', '--server', seen.url, '--wait', '0'];
  const { code, stderr } = await kubectlTrace(home.path, args);
  assert.equal(code, 0, stderr);
  assert.ok(seen.heads.some((head) => head.includes(Buffer.from('Łukasz é'))));
});
