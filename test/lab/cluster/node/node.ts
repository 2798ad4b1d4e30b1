import { mkdir, readFile, rename } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { BuildOptions } from '../build.ts';
import { startCluster, type ClusterOptions, type TestCluster } from '../cluster.ts';
import { serverEnvironment } from '../commands.ts';
import {
  containerdEnvironment,
  controllerManagerArgs,
  inside,
  kubeletArgs,
  mounts,
  nodeName,
  schedulerArgs,
} from './commands.ts';
import { writeNodeFiles } from './files.ts';
import { whyNoNode } from './machine.ts';
import { makeOutside, type Outside } from './outside.ts';
import { nodeExecutables, type NodeExecutables } from './programs.ts';
import { Registry } from './registry.ts';

const startMillis = 120_000;
const nodeServers = ['containerd', 'kubelet', 'kube-controller-manager', 'kube-scheduler'] as const;
export type NodeServer = (typeof nodeServers)[number];
type Command = readonly [command: string, args: readonly string[], env?: NodeJS.ProcessEnv];

/**
 * Starts a cluster with a node that runs pods: containerd, kubelet, controller manager and scheduler, all of which
 * trace every pod. The node lives in its own namespaces and ends with the cluster, and so with this process. Rejects on
 * a machine that cannot run one ({@link whyNoNode}).
 */
export async function startNode(options: ClusterOptions & BuildOptions = {}): Promise<TestNode> {
  const why = await whyNoNode();
  if (why !== undefined) throw new Error(`no test node can run here: ${why}`);
  const programs = await nodeExecutables(options);
  const cluster = await startCluster({ ...options, node: true });
  const signals = [AbortSignal.timeout(startMillis), ...(options.signal === undefined ? [] : [options.signal])];
  let node: TestNode | undefined;
  try {
    node = new TestNode(cluster, programs, await Registry.start(programs.lab));
    await node.start(AbortSignal.any(signals));
    return node;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const logs = options.signal?.aborted ? '' : await cluster.saveLogs();
    await (node ?? cluster).stop();
    if (options.signal?.aborted) throw options.signal.reason;
    throw new Error(`the test node did not start: ${reason}\nits logs: ${logs}`, { cause });
  }
}

export class TestNode {
  readonly cluster: TestCluster;
  readonly name = nodeName;
  /** Where the tests' own registry listens, for `registry.test` and `private.test`. */
  readonly registry: Registry;
  readonly #programs: NodeExecutables;
  readonly #folder: string;
  #outside: Outside | undefined;
  #room = 0;

  constructor(cluster: TestCluster, programs: NodeExecutables, registry: Registry) {
    this.cluster = cluster;
    this.registry = registry;
    this.#programs = programs;
    this.#folder = join(cluster.folder, 'node');
  }

  /** Called once, by startNode. */
  async start(signal: AbortSignal): Promise<void> {
    const { supervision } = this.cluster;
    await mkdir(this.#folder, { mode: 0o700 });
    const owner = supervision.pid;
    await supervision.afterwards({
      command: process.execPath,
      args: [fileURLToPath(new URL('clear.ts', import.meta.url)), String(owner)],
    });
    this.#outside = await makeOutside(owner);
    await writeNodeFiles(this.#folder, this.cluster, this.#programs, this.#outside, this.registry.port);
    this.#room = await this.#openRoom(signal);
    await this.#launch('kube-controller-manager');
    await this.#launch('kube-scheduler');
    await this.#launch('containerd');
    await this.#until('containerd', () => answers(join(this.#folder, 'containerd.sock')), signal);
    await this.#launch('kubelet');
    await this.#until('kubelet', () => this.#isReady(), signal);
    await this.#until('kube-controller-manager', () => this.#hasServiceAccount('default'), signal);
  }

  /** Ends a server alone; `launch` starts it again. The containers stay, as they would on any node. */
  async end(name: NodeServer): Promise<void> {
    await this.cluster.supervision.end(name);
  }

  /** Starts a server again after `end`; resolves for the kubelet when its node takes pods again. */
  async launch(name: NodeServer): Promise<void> {
    const launched = Date.now();
    await this.#launch(name);
    if (name !== 'kubelet') return;
    const renewed = async (): Promise<boolean> => (await this.#renewedAt()) >= launched && (await this.#isReady());
    await this.#until(name, renewed, AbortSignal.timeout(startMillis));
  }

  /** Takes the network plugin away: no sandbox can be made until `mendNetwork`. The node goes on saying that it is Ready. */
  async breakNetwork(): Promise<void> {
    await rename(join(this.#folder, 'cni', 'bridge'), join(this.#folder, 'bridge'));
  }

  async mendNetwork(): Promise<void> {
    await rename(join(this.#folder, 'bridge'), join(this.#folder, 'cni', 'bridge'));
  }

  /** Ends the node and its cluster; resolves when nothing of either is left. */
  async stop(): Promise<void> {
    await this.cluster.stop();
    await this.registry.stop();
  }

  /** The namespaces in which containerd and kubelet run; resolves with the process that holds them open. */
  async #openRoom(signal: AbortSignal): Promise<number> {
    const name = 'room';
    await this.cluster.supervision.start({
      name,
      command: 'unshare',
      args: [
        '--mount',
        '--pid',
        '--fork',
        '--kill-child=SIGKILL',
        '--mount-proc',
        this.#programs.lab,
        'room',
        ...mounts(this.#folder),
      ],
      env: serverEnvironment({}),
      log: this.#log(name),
    });
    await this.#until(name, async () => (await readFile(this.#log(name), 'utf8')) === 'ready\n', signal);
    const pid = this.cluster.supervision.server(name)!.pid;
    return Number(await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8'));
  }

  async #launch(name: NodeServer): Promise<void> {
    const environment = serverEnvironment({});
    const [command, args, env] = this.#command(name);
    await this.cluster.supervision.start({
      name,
      command,
      args,
      env: { ...environment, ...env },
      log: this.#log(name),
    });
  }

  #command(name: NodeServer): Command {
    const program = this.#programs[name];
    const enter = ['--target', String(this.#room), '--mount', '--pid', '--', program];
    const commands: Record<NodeServer, Command> = {
      'kube-controller-manager': [program, controllerManagerArgs(this.cluster.folder)],
      'kube-scheduler': [program, schedulerArgs(this.cluster.folder)],
      containerd: [
        'nsenter',
        [...enter, `--config=${inside}/containerd.toml`],
        { ...containerdEnvironment(this.cluster.ports), PATH: `${inside}/programs:${process.env['PATH']}` },
      ],
      kubelet: ['nsenter', [...enter, ...kubeletArgs(this.#outside!)]],
    };
    return commands[name];
  }

  async #until(name: string, holds: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
    while (!(await holds().catch(() => false))) {
      const how = this.cluster.supervision.server(name)?.ended;
      if (how !== undefined) throw new Error(`${name} ended with ${how}: ${await this.#lastWords(name)}`);
      if (signal.aborted) throw new Error(`${name} is not ready after ${startMillis / 1000}s`);
      await sleep(100);
    }
  }

  async #lastWords(name: string): Promise<string> {
    return (await readFile(this.#log(name), 'utf8')).trimEnd().split('\n').at(-1) ?? '';
  }

  #log(name: string): string {
    return join(this.cluster.logs, `${name}.log`);
  }

  /** Ready, and without the taints that the node controller gives to one that is not. */
  async #isReady(): Promise<boolean> {
    const { status, body } = await this.cluster.call('GET', `/api/v1/nodes/${nodeName}`);
    if (status !== 200) return false;
    const node = JSON.parse(body) as {
      spec: { taints?: { key: string }[] };
      status: { conditions: { type: string; status: string }[] };
    };
    const isTainted = node.spec.taints?.some(({ key }) => key.startsWith('node.kubernetes.io/'));
    return (
      isTainted !== true &&
      node.status.conditions.some(({ type, status: value }) => type === 'Ready' && value === 'True')
    );
  }

  /** When the kubelet last renewed its lease, in milliseconds since the Unix epoch. */
  async #renewedAt(): Promise<number> {
    const path = `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${nodeName}`;
    const { body } = await this.cluster.call('GET', path);
    return Date.parse((JSON.parse(body) as { spec: { renewTime: string } }).spec.renewTime);
  }

  /** Without it no pod of the namespace is let in; the controller manager makes it. */
  async #hasServiceAccount(namespace: string): Promise<boolean> {
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/default`;
    return (await this.cluster.call('GET', path)).status === 200;
  }
}

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    connection.once('connect', () => {
      connection.destroy();
      resolve(true);
    });
    connection.once('error', () => resolve(false));
  });
}
