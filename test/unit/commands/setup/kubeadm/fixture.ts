import type { KubeadmTask } from '../../../../../src/commands/setup/kubeadm/task.ts';
import type { ControlPlane } from '../../../../../src/commands/setup/kubeadm/control-plane.ts';
import { nodeFiles, type NodeFiles } from '../../../../../src/commands/setup/kubeadm/node-files.ts';
import type { Processes } from '../../../../../src/commands/setup/kubeadm/processes.ts';
import { runKubeadm } from '../../../../../src/commands/setup/kubeadm/run.ts';
import { TraceCommandError } from '../../../../../src/errors.ts';
import { nanos } from '../../../../../src/trace/time.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';
import { ENDPOINT } from '../../../../support/kubeadm-manifests.ts';
import { componentOf, type SimulatedNode } from '../../../../support/simulated-node.ts';
import { testRuntime } from '../../../kube/fixture.ts';

/** How a run ended. `killed`: it stopped in the middle of an operation, for good. */
export interface Ran {
  readonly code: number | 'killed';
  readonly reason?: string;
  /** "" without an error. */
  readonly message: string;
  readonly hint: string;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly dryRun?: boolean;
  readonly endpoint?: string;
  readonly samplingRate?: number;
  readonly repeated?: KubeadmTask['repeated'];
  /** Files in place of the node's own. */
  readonly files?: (real: NodeFiles) => NodeFiles;
  /** Resolves when the run is dead. */
  readonly killed?: Promise<unknown>;
  readonly interrupted?: AbortSignal;
  /** Called before each change of kubeadm-config. */
  readonly onReplace?: () => 'conflict' | undefined;
}

/** Each run is a process, which ends with the run. */
let runs = 0;
const ended = new Set<number>();
const simulatedProcesses: Processes = {
  identityOf: (pid) => ({ pid, started: '', boot: '', namespace: '' }),
  stateOf: ({ pid }) => (ended.has(pid) ? 'ended' : 'runs'),
};

/** Runs `setup kubeadm` on a simulated node, with its own clock. */
export async function runOn(
  node: SimulatedNode,
  action: KubeadmTask['action'],
  options: RunOptions = {},
): Promise<Ran> {
  let [stdout, stderr] = ['', ''];
  const runtime = testRuntime({
    out: { write: (text) => void (stdout += text) },
    err: { write: (text) => void (stderr += text) },
    clock: new FakeClock(),
    pid: runs + 1,
    ...(options.interrupted && { interrupted: options.interrupted }),
  });
  const task: KubeadmTask = {
    kind: 'kubeadm',
    action,
    dryRun: options.dryRun === true,
    endpoint: options.endpoint ?? ENDPOINT,
    samplingRate: options.samplingRate,
    kubernetesVersion: undefined,
    etcdVersion: undefined,
    rootfs: node.root,
    restartTimeout: nanos(60e9),
    repeated: options.repeated ?? [],
    connection: {},
    lookup: {} as KubeadmTask['lookup'],
  };
  const world = {
    nodeFiles: (root: string) => (options.files ?? ((real) => real))(nodeFiles(root)),
    openControlPlane: () => Promise.resolve(controlPlaneOf(node, options)),
    sendCanary: () => Promise.resolve(0),
    processes: simulatedProcesses,
  };
  const pid = (runs += 1);
  void options.killed?.then(() => ended.add(pid));
  const running = runKubeadm(task, runtime, '0.1.0', world).then(
    (code) => ({ code, message: '', hint: '' }),
    (error: unknown) => {
      if (!(error instanceof TraceCommandError)) throw error;
      const { exitCode, reason, message, hint = '' } = error;
      return { code: exitCode, reason, message, hint };
    },
  );
  const dead =
    options.killed?.then(() => ({ code: 'killed', message: '', hint: '' }) as const) ?? new Promise<never>(() => {});
  return { ...(await Promise.race([running, dead])), stdout, stderr };
}

function controlPlaneOf(node: SimulatedNode, { onReplace }: RunOptions): ControlPlane {
  return {
    pods: () => Promise.resolve(node.look()?.map((pod) => ({ ...componentOf(pod), isReady: true }))),
    kubeadmConfig: () =>
      Promise.resolve(node.configuration === undefined ? undefined : { text: node.configuration, object: {} }),
    replaceKubeadmConfig: (_, text) => {
      if (onReplace?.() === 'conflict') return Promise.resolve(false);
      node.configuration = text;
      return Promise.resolve(true);
    },
    close: () => {},
  };
}

/** Operations of a run, of which one can be made to fail or never to end. */
export class Operations {
  readonly done: string[] = [];
  readonly killed: Promise<void>;
  #kill: () => void = () => {};
  readonly #at: number;
  readonly #fault: 'kill' | NodeJS.ErrnoException | undefined;
  readonly #kinds: RegExp;

  /** `at` counts the operations of these kinds from 0. */
  constructor(at = Infinity, fault?: 'kill' | NodeJS.ErrnoException, kinds = /./) {
    this.#at = at;
    this.#fault = fault;
    this.#kinds = kinds;
    this.killed = new Promise((resolve) => (this.#kill = resolve));
  }

  readonly files = (real: NodeFiles): NodeFiles => ({
    read: real.read,
    write: async (path, text, like) => {
      // Part of the text is there, as after a power cut or on a full disk.
      await this.#before(`write ${path}`, () => real.write(path, text.slice(0, text.length / 2), like));
      return real.write(path, text, like);
    },
    rename: async (from, to) => {
      await this.#before(`rename ${to}`);
      return real.rename(from, to);
    },
    remove: async (path) => {
      await this.#before(`remove ${path}`);
      return real.remove(path);
    },
    makeFolder: async (path, mode) => {
      await this.#before(`makeFolder ${path}`);
      return real.makeFolder(path, mode);
    },
    makeLink: async (text, path) => {
      await this.#before(`makeLink ${path}`);
      return real.makeLink(text, path);
    },
    readLink: real.readLink,
  });

  async #before(operation: string, half?: () => Promise<void>): Promise<void> {
    if (!this.#kinds.test(operation)) return;
    this.done.push(operation);
    if (this.done.length - 1 !== this.#at) return;
    await half?.();
    if (this.#fault !== 'kill') throw this.#fault!;
    this.#kill();
    await new Promise<never>(() => {});
  }
}
