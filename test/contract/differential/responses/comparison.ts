import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../../src/run.ts';
import { testRuntime } from '../../../unit/kube/fixture.ts';
import { runKubectl } from '../../kubectl.ts';
import type { ResponseCase } from './case.ts';
import { ResponseServers, type SeenRequest } from './server.ts';

interface Made {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly seen: readonly SeenRequest[];
}

/** Runs both programs against the same responses, and compares exit status, output, warnings and what they sent. */
export class ResponseComparison {
  readonly #servers: ResponseServers;
  readonly #kubectl: string;
  readonly #root: string;

  private constructor(servers: ResponseServers, kubectl: string, root: string) {
    this.#servers = servers;
    this.#kubectl = kubectl;
    this.#root = root;
  }

  static async start(kubectl: string): Promise<ResponseComparison> {
    const root = await mkdtemp(join(tmpdir(), 'kubectl-trace-responses-'));
    const servers = await ResponseServers.start();
    const { certificate, key } = servers.authority.issueClient('jane', []);
    const base64 = (text: string): string => Buffer.from(text).toString('base64');
    const cluster = {
      server: servers.url('main'),
      'certificate-authority-data': base64(servers.authority.certificate),
    };
    const user = { token: 'secret', 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) };
    const config = {
      'current-context': 'test',
      clusters: [{ name: 'test', cluster }],
      users: [{ name: 'test', user }],
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    };
    await writeFile(join(root, 'config'), JSON.stringify(config));
    return new ResponseComparison(servers, kubectl, root);
  }

  async stop(): Promise<void> {
    await this.#servers.stop();
    await rm(this.#root, { recursive: true, force: true });
  }

  async check(one: ResponseCase): Promise<void> {
    this.#servers.answer = one.answer;
    const kubectl = await this.#runKubectl(one);
    const ours = await this.#runOurs(one);
    const said = `kubectl ${kubectl.code}: ${kubectl.out}${kubectl.err}\nours ${ours.code}: ${ours.out}${ours.err}`;
    if (one.refused === true) {
      assert.equal(kubectl.code, 0, said);
      assert.equal(ours.code, 1, said);
      assert.equal(ours.seen.length, 1, said);
    } else {
      assert.equal(ours.code, kubectl.code, said);
      assert.deepEqual(ours.seen, kubectl.seen.filter((sent) => !isReadBefore(sent, one)).map(withoutElsewhere), said);
      if (kubectl.code === 0) {
        const printed = kubectl.out.replace(' (no change)', '');
        assert.equal(ours.out.slice(0, printed.length), printed, said);
      }
    }
    assert.deepEqual(linesOf(ours.err, /^Warning: /), linesOf(kubectl.err, /^Warning: /), said);
    assert.deepEqual(linesOf(ours.err, /^No resources/), linesOf(kubectl.err, /^No resources/), said);
    if (one.message !== undefined) assert.match(ours.err, one.message, said);
    assert.ok(!ours.err.includes('secret'), said);
  }

  async #runKubectl({ args }: ResponseCase): Promise<Made> {
    const env = { KUBECONFIG: join(this.#root, 'config'), PATH: process.env['PATH'] };
    const { exitCode, stdout, log } = await runKubectl(this.#kubectl, args.split(' '), env);
    return { code: exitCode, out: stdout, err: log, seen: this.#servers.take() };
  }

  async #runOurs({ args }: ResponseCase): Promise<Made> {
    let [out, err] = ['', ''];
    const [, format = ''] = / -o (\w+)$/.exec(args) ?? [];
    const words = args.replace(/ -o \w+$/, '').split(' ');
    const home = await mkdtemp(join(this.#root, 'home-'));
    const code = await run(
      [...words, format === '' ? '--show-response' : `--show-response=${format}`, '--wait', '0', '--no-history'],
      testRuntime({
        out: { write: (text) => void (out += text) },
        err: { write: (text) => void (err += text) },
        env: { KUBECONFIG: join(this.#root, 'config') },
        home,
      }),
      '0.1.0',
    );
    return { code, out, err, seen: this.#servers.take() };
  }
}

/** kubectl reads an object before it patches it. */
const isReadBefore = ({ method, url }: SeenRequest, { args }: ResponseCase): boolean =>
  args.startsWith('patch') && method === 'GET' && !url.includes('moved');

/** kubectl gives its credentials to every server that a redirect names; ours gives them to its own alone. */
function withoutElsewhere(sent: SeenRequest, index: number, all: readonly SeenRequest[]): SeenRequest {
  const isTrusted = all.slice(0, index + 1).every(({ server }) => server === 'main');
  return isTrusted ? sent : { ...sent, authorization: null, impersonated: null, certificate: null };
}

const linesOf = (text: string, pattern: RegExp): string[] => text.split('\n').filter((line) => pattern.test(line));
