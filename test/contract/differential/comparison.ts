import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '../../../src/run.ts';
import type { TestCluster } from '../../lab/cluster/cluster.ts';
import { isDiscovery, RecordingProxy, type SentRequest } from '../../support/recording-proxy.ts';
import { testRuntime } from '../../unit/kube/fixture.ts';
import { runKubectl, type Outcome } from '../kubectl.ts';

/** A command line of kubectl's, and what may be different about ours. docs/kubectl-differences.md has each difference. */
export interface Case {
  /**
   * kubectl's words. A file of FILES is written `@NAME`, a space within a word `\s`, and a line break `\n` or `\r\n`.
   */
  readonly args: string;
  /** Ours, where they differ by more than `-o FORMAT`, which is `--show-response=FORMAT` here. */
  readonly ours?: string;
  readonly input?: string;
  /** Names of config maps that are there before kubectl runs. */
  readonly there?: readonly string[];
  /** Additional requests of kubectl. */
  readonly besides?: (sent: SentRequest) => boolean;
  /** kubectl's exit status 1 is 2 here, since nothing was sent. */
  readonly usage?: true;
  /** Our message is another one. */
  readonly ownError?: RegExp;
  /** kubectl's output with what is meant to be different. */
  readonly output?: (text: string) => string;
  /**
   * A watch, which ends only here: ours is recorded, and kubectl gets the same responses. Changes this many config
   * maps.
   */
  readonly changes?: number;
}

const isUserRequest = (sent: SentRequest): boolean => !isDiscovery(sent);

/** Runs kubectl and this program against the same responses, and compares their requests, outputs and exit codes. */
export class Comparison {
  readonly #cluster: TestCluster;
  readonly #proxy: RecordingProxy;
  readonly #folder: string;
  /** There may be objects of an earlier case. */
  #isTouched = false;

  private constructor(cluster: TestCluster, proxy: RecordingProxy, folder: string) {
    this.#cluster = cluster;
    this.#proxy = proxy;
    this.#folder = folder;
  }

  static async start(cluster: TestCluster, files: Readonly<Record<string, string | Buffer>>): Promise<Comparison> {
    const proxy = await RecordingProxy.start(cluster, 'masters');
    const folder = await mkdtemp(join(tmpdir(), 'kubectl-trace-differential-'));
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    return new Comparison(cluster, proxy, folder);
  }

  async stop(): Promise<void> {
    await this.#proxy.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async check(one: Case): Promise<void> {
    const { there = [] } = one;
    if (this.#isTouched || there.length > 0) await this.#prepare(there);
    this.#isTouched = there.length > 0 || !/(^| )get /.test(one.args);
    const { kubectl, kubectlSent, ours, oursSent } =
      one.changes === undefined ? await this.#kubectlFirst(one) : await this.#oursFirst(one, one.changes);
    const { besides = () => false, output = (text) => text } = one;
    const expected = kubectlSent.filter((sent) => !besides(sent));
    assert.deepEqual(oursSent, expected, `${kubectl.log}\n${ours.err}`);
    if (one.usage === true) {
      assert.equal(kubectl.exitCode, 1, kubectl.log);
      assert.equal(ours.code, 2, ours.err);
      assert.deepEqual(oursSent, []);
    } else {
      assert.equal(ours.code, kubectl.exitCode, `${ours.err}\n${kubectl.log}`);
    }
    const printed = output(kubectl.stdout);
    assert.equal(ours.out.slice(0, printed.length), printed, ours.err);
    // The headline of the trace, and then its requests.
    if (printed === '') assert.match(ours.out, /^(?:$|[^\n]+\n\n(?:[A-Z]+ \/|\d+ requests))/);
    if (one.ownError !== undefined) assert.match(ours.err, one.ownError);
    else assert.equal(messages(ours.err), messages(one.usage === true ? firstLine(kubectl.stderr) : kubectl.stderr));
  }

  /** Before the next case, nothing may be left of this one. */
  async #kubectlFirst(one: Case): Promise<Compared> {
    this.#proxy.replay(undefined);
    const kubectl = await this.#kubectl(one);
    const recorded = this.#proxy.takeExchanges().filter(({ sent }) => isUserRequest(sent));
    this.#proxy.replay(recorded);
    const ours = await this.#trace(one);
    const oursSent = this.#proxy.take().filter(isUserRequest);
    return { kubectl, kubectlSent: recorded.map(({ sent }) => sent), ours, oursSent };
  }

  async #oursFirst(one: Case, changes: number): Promise<Compared> {
    this.#proxy.replay(undefined);
    const watched = this.#proxy.whenSent(({ query }) => query.includes('watch=true')).then(() => this.#change(changes));
    const ours = await this.#trace(one);
    await watched;
    const recorded = this.#proxy.takeExchanges().filter(({ sent }) => isUserRequest(sent));
    this.#proxy.replay(recorded);
    const kubectl = await this.#kubectl(one);
    const kubectlSent = this.#proxy.take().filter(isUserRequest);
    return { kubectl, kubectlSent, ours, oursSent: recorded.map(({ sent }) => sent) };
  }

  #kubectl({ args, input = '' }: Case): Promise<Outcome> {
    const flags = ['-s', this.#proxy.url, '--cache-dir', join(this.#folder, 'kubectl-cache')];
    const words = this.#words(args.replace(/ --for(-events)?[ =]\S+/g, ''));
    return runKubectl(this.#cluster.binaries.kubectl, [...flags, ...words], {}, input);
  }

  async #trace({ args, ours = withShownResponse(args), input = '' }: Case): Promise<Traced> {
    let [out, err] = ['', ''];
    const flags = ['-s', this.#proxy.url, '--wait', '0', '--no-history', '--cache-dir', join(this.#folder, 'cache')];
    const code = await run(
      [...flags, ...this.#words(ours)],
      testRuntime({
        out: { write: (text) => void (out += text) },
        err: { write: (text) => void (err += text) },
        input: async function* () {
          yield Buffer.from(input);
        },
        home: this.#folder,
      }),
      '0.1.0',
    );
    return { code, out, err };
  }

  #words(line: string): string[] {
    const place = (_: string, name: string): string => join(this.#folder, name);
    return line
      .trim()
      .split(' ')
      .map((word) =>
        word
          .replaceAll(/@([\w.-]+)/g, place)
          .replaceAll('\\s', ' ')
          .replaceAll('\\r', '\r')
          .replaceAll('\\n', '\n'),
      );
  }

  /** Deletes the config maps that cases write, and creates only these. */
  async #prepare(there: readonly string[]): Promise<void> {
    for (const path of [CONFIG_MAPS, CONFIG_MAPS.replace('default', 'kube-public')]) {
      await this.#cluster.call('DELETE', `${path}?labelSelector=fixed%21%3Dyes`);
    }
    for (const path of ['/apis/apps/v1/namespaces/default/deployments/web', '/api/v1/namespaces/written']) {
      await this.#cluster.call('DELETE', path);
    }
    for (const name of there) {
      const metadata = { name, labels: { made: 'here' } };
      const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata };
      const { status } = await this.#cluster.call('POST', CONFIG_MAPS, { body });
      assert.equal(status, 201);
    }
  }

  async #change(times: number): Promise<void> {
    for (let time = 1; time <= times; time++) {
      const { status } = await this.#cluster.call('PATCH', `${CONFIG_MAPS}/plain`, {
        headers: { 'content-type': 'application/merge-patch+json' },
        body: { data: { [`key-${time}`]: 'x'.repeat(time) } },
      });
      assert.equal(status, 200);
    }
  }
}

const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';

interface Traced {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

interface Compared {
  readonly kubectl: Outcome;
  readonly kubectlSent: readonly SentRequest[];
  readonly ours: Traced;
  readonly oursSent: readonly SentRequest[];
}

/** `-o FORMAT` says here how the trace is printed, and --show-response what `-o` says there. */
function withShownResponse(args: string): string {
  const output = /(^| )-o[ =]?(\S+)/;
  const [, , format = 'table'] = output.exec(args) ?? [];
  return `--show-response=${format} ${args.replace(output, '')}`;
}

/** Without what is added here, and what client-go logs. */
const messages = (text: string): string =>
  text
    .split('\n')
    .filter((line) => line !== '' && !/^(hint|note): /.test(line))
    .join('\n');

const firstLine = (text: string): string => text.split('\n')[0] ?? '';
