import assert from 'node:assert/strict';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CredentialServer } from '../../../support/credential-server.ts';
import { runKubectl } from '../../kubectl.ts';
import { exec, type PluginCase } from './case.ts';

/** Result of one program for a case. */
export interface Made {
  readonly code: number;
  readonly stderr: string;
  /** The `spec.interactive` of each run of the plugin. */
  readonly ran: readonly boolean[];
  /** Whom the server saw; nothing when no request for objects came. */
  readonly sent: readonly (string | null)[];
}

/** The programs, by the arguments for the same request. */
type Program = 'kubectl' | 'ours' | 'run';

/** Arguments of a command in a terminal, and what its user types there. */
export interface InTerminal {
  readonly args: readonly string[];
  readonly input: string;
}

const OWN_MAIN = fileURLToPath(new URL('../../../../dist/main.js', import.meta.url));

/** util-linux's script makes a terminal for one command; the end of its input is typed as Ctrl-D. */
function terminal(command: readonly string[]): string[] {
  const line = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  return ['/usr/bin/script', '--quiet', '--return', '--command', line, '/dev/null'];
}

/** Runs a command by both programs with the same kuberc, kubeconfig, flags and environment. */
export class PluginComparison {
  readonly server: CredentialServer;
  readonly #kubectl: string;
  readonly #root: string;
  #folders = 0;

  private constructor(server: CredentialServer, kubectl: string, root: string) {
    this.server = server;
    this.#kubectl = kubectl;
    this.#root = root;
  }

  static async start(kubectl: string): Promise<PluginComparison> {
    const root = await mkdtemp(join(tmpdir(), 'kubectl-trace-plugins-'));
    return new PluginComparison(await CredentialServer.start(), kubectl, root);
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await rm(this.#root, { recursive: true, force: true });
  }

  async check(one: PluginCase, program: 'ours' | 'run'): Promise<void> {
    const kubectl = await this.made('kubectl', one);
    const own = await this.made(program, one);
    const said = `kubectl ${kubectl.code}: ${kubectl.stderr}\nours ${own.code}: ${own.stderr}`;
    // The source was read right.
    assert.equal(kubectl.ran.length > 0, one.ran, said);
    assert.deepEqual(distinct(kubectl.sent), one.sent === undefined ? [] : [one.sent], said);
    if (one.differs === 'refused') {
      assert.deepEqual([own.code, own.ran, own.sent], [2, [], []], said);
      return;
    }
    assert.equal(own.ran.length > 0, kubectl.ran.length > 0, said);
    assert.deepEqual(distinct(own.sent), distinct(kubectl.sent), said);
    assert.equal(own.code === 0, kubectl.code === 0, said);
    if (one.says !== undefined) assert.match(own.stderr, one.says, said);
  }

  /** Result of a program for `get configmaps`, or for `args` in a terminal whose user types `input`. */
  async made(program: Program, one: PluginCase, inTerminal?: InTerminal): Promise<Made> {
    const folder = join(this.#root, `case-${this.#folders++}`);
    const text = (template: string): string => this.#text(template, folder);
    await this.#prepare(one, folder);
    const flags = (one.flags ?? []).map(text);
    const given = Object.entries({ PATH: process.env['PATH'] ?? '', ...one.env });
    const env = {
      HOME: join(folder, 'home'),
      KUBECONFIG: join(folder, 'config'),
      ...Object.fromEntries(given.map(([name, value]) => [name, text(value)])),
    };
    const args = inTerminal?.args ?? ['get', 'configmaps'];
    const own = [process.execPath, OWN_MAIN];
    const ownFlags = ['--wait', '0', '--no-history', ...flags];
    const commands: Readonly<Record<Program, readonly string[]>> = {
      kubectl: [this.#kubectl, ...args, ...flags],
      ours: [...own, ...args, ...ownFlags],
      run: [...own, 'run', ...ownFlags, '--', this.#kubectl, ...args],
    };
    const [command = '', ...rest] = inTerminal === undefined ? commands[program] : terminal(commands[program]);
    const { exitCode, stdout, log } = await runKubectl(command, rest, env, inTerminal?.input ?? '', folder);
    const marks = await readFile(join(folder, 'mark'), 'utf8').catch(() => '');
    return {
      code: exitCode,
      // A terminal has one stream.
      stderr: inTerminal === undefined ? log : stdout,
      ran: marks.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line).spec.interactive as boolean])),
      sent: this.server.take().map(({ user }) => user),
    };
  }

  async #prepare(one: PluginCase, folder: string): Promise<void> {
    const { secureURL, authority, client } = this.server;
    const write = async (name: string, content: string | Uint8Array, mode = 0o600): Promise<void> => {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), typeof content === 'string' ? this.#text(content, folder) : content, {
        mode,
      });
    };
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'here',
      clusters: [{ name: 'one', cluster: { server: secureURL, 'certificate-authority-data': base64(authority) } }],
      users: [{ name: 'me', user: one.user ?? exec() }],
      contexts: [{ name: 'here', context: { cluster: 'one', user: 'me' } }],
    };
    if (one.flags?.includes('--server=PLAIN'))
      delete (config.clusters[0]!.cluster as { [key: string]: string })['certificate-authority-data'];
    await write('config', JSON.stringify(config));
    await write('client.crt', Buffer.from(client.certificate));
    await write('client.key', Buffer.from(client.key));
    await write('plugin', plugin({ token: 'from-plugin' }), 0o700);
    await write('other', plugin({ token: 'from-other' }), 0o700);
    const pair = { clientCertificateData: client.certificate, clientKeyData: client.key };
    await write('certificate', plugin(pair), 0o700);
    await mkdir(join(folder, 'bin'));
    for (const name of ['plugin', 'other']) await cp(join(folder, name), join(folder, 'bin', name));
    if (one.kuberc !== undefined) await write('home/.kube/kuberc', one.kuberc);
    for (const [name, content] of Object.entries(one.files ?? {})) {
      await write(name, content);
      if (content.startsWith('#!')) await chmod(join(folder, name), 0o700);
    }
  }

  #text(template: string, folder: string): string {
    const { client, other, plainURL } = this.server;
    const values: Readonly<Record<string, string>> = {
      FOLDER: folder,
      PLAIN: plainURL,
      JANE_CERT: base64(client.certificate),
      JANE_KEY: base64(client.key),
      JOHN_CERT: base64(other.certificate),
      JOHN_KEY: base64(other.key),
    };
    return template.replace(/\b(?:FOLDER|PLAIN|(?:JANE|JOHN)_(?:CERT|KEY))\b/g, (name) => values[name] ?? name);
  }
}

const distinct = (users: readonly (string | null)[]): (string | null)[] => [...new Set(users)];
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A plugin that records its input, one line each. */
function plugin(status: object): string {
  const credential = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status };
  return `#!/bin/sh\nprintf '%s\\n' "$KUBERNETES_EXEC_INFO" >> FOLDER/mark\ncat <<'EOF'\n${JSON.stringify(credential)}\nEOF\n`;
}
