import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '../../../../src/run.ts';
import { CredentialServer, type SeenRequest } from '../../../support/credential-server.ts';
import { testRuntime } from '../../../unit/kube/fixture.ts';
import { runKubectl } from '../../kubectl.ts';
import type { KubeconfigCase } from './case.ts';

/** Result of one program for a kubeconfig. */
export interface Made {
  readonly code: number;
  readonly seen: readonly SeenRequest[];
  readonly stderr: string;
}

/** Runs `get configmaps` by both programs with the same kubeconfig, flags and environment. */
export class KubeconfigComparison {
  readonly #server: CredentialServer;
  readonly #kubectl: string;
  readonly #root: string;
  #cases = 0;

  private constructor(server: CredentialServer, kubectl: string, root: string) {
    this.#server = server;
    this.#kubectl = kubectl;
    this.#root = root;
  }

  static async start(kubectl: string): Promise<KubeconfigComparison> {
    const root = await mkdtemp(join(tmpdir(), 'kubectl-trace-kubeconfig-'));
    return new KubeconfigComparison(await CredentialServer.start(), kubectl, root);
  }

  async stop(): Promise<void> {
    await this.#server.stop();
    await rm(this.#root, { recursive: true, force: true });
  }

  async check(one: KubeconfigCase): Promise<void> {
    const { kubectl, ours } = await this.both(one);
    const said = `kubectl ${kubectl.code}: ${kubectl.stderr}\nours ${ours.code}: ${ours.stderr}`;
    if (one.differs === 'refused') {
      assert.equal(kubectl.code, 0, said);
      assert.equal(ours.code, 2, said);
      assert.deepEqual(ours.seen, [], said);
    } else if (one.differs === 'accepted') {
      assert.equal(kubectl.code, 1, said);
      assert.deepEqual(kubectl.seen, [], said);
      assert.equal(ours.code, 0, said);
      assert.equal(ours.seen.length, 1, said);
    } else if (one.differs === 'anonymous') {
      assert.match(kubectl.stderr, /error: EOF/, said);
      assert.deepEqual(kubectl.seen, [], said);
      assert.deepEqual(
        ours.seen.map(({ user }) => user),
        [null],
        said,
      );
    } else {
      assert.deepEqual(ours.seen, kubectl.seen, said);
      assert.equal(ours.code, kubectl.code === 0 ? 0 : (one.code ?? 2), said);
    }
    if (one.message !== undefined) assert.match(ours.stderr, one.message);
    for (const secret of ['first', 'second', 'from-', 'third']) {
      assert.ok(!ours.stderr.includes(`token: ${secret}`), said);
    }
  }

  async both(one: KubeconfigCase): Promise<{ readonly kubectl: Made; readonly ours: Made }> {
    const folder = join(this.#root, `case-${this.#cases++}`);
    await mkdir(folder);
    await writeFile(join(folder, 'ca.crt'), this.#server.authority);
    const files = typeof one.files === 'string' ? { config: one.files } : one.files;
    for (const [name, content] of Object.entries(files)) {
      const path = join(folder, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, this.#filled(content, folder));
      if (name === 'plugin') await chmod(path, 0o700);
    }
    const text = (value: string): string => this.#text(value, folder);
    const flags = (one.flags ?? []).map(text);
    const given = Object.entries({ KUBECONFIG: one.list ?? 'FOLDER/config', ...one.env });
    const env = Object.fromEntries(given.map(([name, value]) => [name, text(value)]));
    return { kubectl: await this.#runKubectl(flags, env, folder), ours: await this.#runOurs(flags, env, folder) };
  }

  async #runKubectl(flags: readonly string[], env: Readonly<Record<string, string>>, folder: string): Promise<Made> {
    const { exitCode, log } = await runKubectl(this.#kubectl, ['get', 'configmaps', ...flags], {
      PATH: process.env['PATH'],
      KUBECACHEDIR: join(folder, 'cache'),
      ...env,
    });
    return { code: exitCode, stderr: log, seen: this.#server.take() };
  }

  async #runOurs(flags: readonly string[], env: Readonly<Record<string, string>>, folder: string): Promise<Made> {
    let stderr = '';
    const code = await run(
      ['get', 'configmaps', '--wait', '0', '--no-history', ...flags],
      testRuntime({
        err: { write: (text) => void (stderr += text) },
        env: { PATH: process.env['PATH'], KUBECACHEDIR: join(folder, 'cache'), ...env },
        home: env['HOME'] ?? join(folder, 'home'),
      }),
      '0.1.0',
    );
    return { code, stderr, seen: this.#server.take() };
  }

  #filled(content: string | Uint8Array, folder: string): string | Uint8Array {
    if (typeof content === 'string') return this.#text(content, folder);
    const bytes = Buffer.from(content);
    // UTF-16 by its byte order mark.
    if (bytes[0] === 0xff && bytes[1] === 0xfe)
      return Buffer.from(this.#text(bytes.toString('utf16le'), folder), 'utf16le');
    if (bytes[0] === 0xfe && bytes[1] === 0xff) {
      return Buffer.from(this.#text(Buffer.from(bytes).swap16().toString('utf16le'), folder), 'utf16le').swap16();
    }
    return Buffer.from(this.#text(bytes.toString('latin1'), folder), 'latin1');
  }

  #text(template: string, folder: string): string {
    const { secureURL, plainURL, authority, client } = this.#server;
    const base64 = (text: string): string => Buffer.from(text).toString('base64');
    const crlf = (text: string): string => text.replaceAll('\n', '\r\n');
    const values: Readonly<Record<string, string>> = {
      SECURE: secureURL,
      PLAIN: plainURL,
      HOST: plainURL.replace('http://', ''),
      FOLDER: folder,
      CA: join(folder, 'ca.crt'),
      CA_DATA: base64(authority),
      CA_CRLF: crlf(authority),
      CLIENT_CERTIFICATE: client.certificate,
      CLIENT_CERTIFICATE_DATA: base64(client.certificate),
      CLIENT_KEY: client.key,
      CLIENT_KEY_DATA: base64(client.key),
      CLIENT_CERTIFICATE_CRLF: crlf(client.certificate),
      CLIENT_KEY_CRLF: crlf(client.key),
    };
    return template.replace(
      /\b(?:SECURE|PLAIN|HOST|FOLDER|CA_DATA|CA_CRLF|CA|CLIENT_(?:CERTIFICATE|KEY)(?:_DATA|_CRLF)?)\b/g,
      (name) => values[name] ?? name,
    );
  }
}
