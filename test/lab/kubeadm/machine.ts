import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { jaegerArgs, jaegerEnvironment, serverEnvironment } from '../cluster/commands.ts';
import {
  containerdConfiguration,
  inside,
  kernelSettings,
  mounts,
  networkConfiguration,
  registryHost,
  registryHosts,
} from '../cluster/node/commands.ts';
import { makeCgroup } from '../cluster/node/outside.ts';
import { Supervision } from '../cluster/supervision.ts';
import {
  address,
  bridge,
  imagesOf,
  kubeadmConfiguration,
  kubeletArguments,
  network,
  ports,
  registryPort,
  staticPodKubelet,
} from './files.ts';
import type { KubeadmExecutables, KubeadmVersion } from './programs.ts';

/** How a command on the machine ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface MachineOptions {
  /** Whether Jaeger has the ports for spans and lookups. */
  readonly hasJaeger?: boolean;
  /** `TAG=PROGRAM`, beside those of kubeadm's manifests. */
  readonly images?: readonly string[];
}

type Room = 'mount' | 'pid' | 'net';

/**
 * A machine for one control-plane node, in namespaces as the test node (ADR 13) and with its own network, so that
 * kubeadm's fixed ports are free. /etc and /var/lib are the machine's with a layer in memory above them: whatever kubeadm
 * writes there is gone with the machine.
 */
export class KubeadmMachine {
  readonly version: KubeadmVersion;
  readonly programs: KubeadmExecutables;
  readonly supervision: Supervision;
  readonly #folder: string;
  #room = 0;

  private constructor(version: KubeadmVersion, programs: KubeadmExecutables, supervision: Supervision) {
    this.version = version;
    this.programs = programs;
    this.supervision = supervision;
    this.#folder = join(supervision.folder, 'node');
  }

  /** Starts Jaeger unless it is not wanted, a registry with the images, containerd, and a kubelet that waits for kubeadm's files. */
  static async start(
    version: KubeadmVersion,
    programs: KubeadmExecutables,
    { hasJaeger = true, images = [] }: MachineOptions = {},
  ): Promise<KubeadmMachine> {
    const machine = new KubeadmMachine(version, programs, await Supervision.begin());
    try {
      await machine.#boot({ hasJaeger, images });
      return machine;
    } catch (cause) {
      const logs = await machine.saveLogs();
      await machine.stop();
      throw new Error(`the machine did not start; its logs: ${logs}`, { cause });
    }
  }

  /** Path of one of the machine's files, for this process. */
  path(file: string): string {
    return `/proc/${this.#room}/root${file}`;
  }

  /** Runs a command on the machine, for at most five minutes. */
  async run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
    const [program, ...entered] = this.enter(command, args);
    const settings = {
      env: { ...serverEnvironment({}), ...this.#path(), ...env },
      maxBuffer: 64 << 20,
      timeout: 300_000,
    };
    return promisify(execFile)(program!, entered, settings).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (error: Ended & { code?: unknown }) => {
        if (typeof error.stdout !== 'string') throw error;
        const code = typeof error.code === 'number' ? error.code : null;
        return { code, stdout: error.stdout, stderr: error.stderr };
      },
    );
  }

  /** The command line that runs a command on the machine. */
  enter(command: string, args: readonly string[]): string[] {
    const rooms: readonly Room[] = ['mount', 'pid', 'net'];
    return ['nsenter', '--target', String(this.#room), ...rooms.map((each) => `--${each}`), '--', command, ...args];
  }

  /** Runs `kubeadm`; rejects with its output unless it succeeds. */
  async kubeadm(...args: string[]): Promise<string> {
    return this.must(this.programs.kubeadm, args);
  }

  async must(command: string, args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(command, args);
    if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${stdout}${stderr}`);
    return stdout;
  }

  /** Copies the logs, those of the pods included, to a folder that outlives the machine, and returns the folder. */
  async saveLogs(): Promise<string> {
    const target = await mkdtemp(join(tmpdir(), 'kubectl-trace-logs-'));
    await cp(join(this.supervision.folder, 'logs'), target, { recursive: true });
    await cp(join(this.#folder, 'pod-logs'), join(target, 'pods'), { recursive: true }).catch(() => undefined);
    return target;
  }

  async stop(): Promise<void> {
    await this.supervision.finish();
  }

  async #boot({ hasJaeger, images: more }: Required<MachineOptions>): Promise<void> {
    const { supervision } = this;
    await supervision.afterwards({
      command: process.execPath,
      args: [fileURLToPath(new URL('../cluster/node/clear.ts', import.meta.url)), String(supervision.pid)],
    });
    await this.#writeFiles(await makeCgroup(supervision.pid));
    await this.#openRoom();
    for (const [command, ...args] of furnishing) await this.must(command!, args);
    const jaeger = jaegerArgs({ ...ports, etcd: 0, apiserver: 0 }, {});
    if (hasJaeger) await this.#launch('jaeger', this.programs.jaeger, jaeger, jaegerEnvironment);
    const registry = fileURLToPath(new URL('registry-main.ts', import.meta.url));
    const images = imagesOf(this.version).map(([tag, name]) => `${tag}=${this.programs[name as 'etcd']}`);
    const served = [String(registryPort), this.programs.lab, ...images, ...more];
    await this.#launch('registry', process.execPath, [registry, ...served]);
    await this.#launch('containerd', this.programs.containerd, [`--config=${inside}/containerd.toml`]);
    await until(async () => (await readFile(this.#log('registry'), 'utf8')).includes('ready'), 60_000);
    const { kubelet } = this.programs;
    // As systemd would: it is started again until kubeadm has written its files.
    const loop = 'while :; do test -f /etc/kubernetes/kubelet.conf && "$@"; sleep 0.5; done';
    await this.#launch('kubelet', 'sh', ['-c', loop, 'sh', kubelet, ...kubeletArguments]);
  }

  async #writeFiles(cgroup: string): Promise<void> {
    const files: Readonly<Record<string, string>> = {
      ...Object.fromEntries(Object.entries(kernelSettings).map(([name, value]) => [`sysctl/${name}`, value])),
      'containerd.toml': containerdConfiguration(),
      'kubelet.json': JSON.stringify(staticPodKubelet(cgroup)),
      'kubeadm.yaml': kubeadmConfiguration(this.version),
      'cni-configuration/lab.conflist': JSON.stringify(networkConfiguration({ bridge, network, cgroup })),
      [`registries/${registryHost}/hosts.toml`]: registryHosts(registryHost, registryPort),
    };
    for (const [file, text] of Object.entries(files)) {
      await mkdir(dirname(join(this.#folder, file)), { recursive: true });
      await writeFile(join(this.#folder, file), text, { mode: 0o600 });
    }
    for (const each of ['containerd', 'volume-plugins', 'programs', 'cni', 'pod-logs']) {
      await mkdir(join(this.#folder, each), { recursive: true });
    }
    const link = (folder: string, name: 'runc' | 'bridge'): Promise<void> =>
      symlink(this.programs[name], join(this.#folder, folder, name));
    await symlink(this.programs['containerd-shim-runc-v2'], join(this.#folder, 'programs', 'containerd-shim-runc-v2'));
    await symlink(this.programs['host-local'], join(this.#folder, 'cni', 'host-local'));
    await link('programs', 'runc');
    await link('cni', 'bridge');
  }

  async #openRoom(): Promise<void> {
    const name = 'room';
    const args = [
      '--mount',
      '--pid',
      '--net',
      '--fork',
      '--kill-child=SIGKILL',
      '--mount-proc',
      this.programs.lab,
      'room',
    ];
    const log = this.#log(name);
    await this.supervision.start({
      name,
      command: 'unshare',
      args: [...args, ...mounts(this.#folder)],
      env: serverEnvironment({}),
      log,
    });
    await until(async () => (await readFile(log, 'utf8')) === 'ready\n', 20_000);
    const { pid } = this.supervision.server(name)!;
    this.#room = Number(await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8'));
  }

  async #launch(name: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
    const [program, ...entered] = this.enter(command, args);
    const environment = { ...serverEnvironment({}), ...this.#path(), ...env };
    await this.supervision.start({ name, command: program!, args: entered, env: environment, log: this.#log(name) });
  }

  #path(): NodeJS.ProcessEnv {
    return { PATH: `${inside}/programs:${process.env['PATH']}:/usr/sbin:/sbin` };
  }

  #log(name: string): string {
    return join(this.supervision.folder, 'logs', `${name}.log`);
  }
}

/** A layer in memory above a folder of the machine. */
const layer = (folder: string, name: string, size: string): string[][] => [
  ['mkdir', '-p', `/run/layers/${name}`],
  ['mount', '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', `/run/layers/${name}`],
  ['mkdir', `/run/layers/${name}/upper`, `/run/layers/${name}/work`],
  [
    'mount',
    '-t',
    'overlay',
    '-o',
    `lowerdir=${folder},upperdir=/run/layers/${name}/upper,workdir=/run/layers/${name}/work`,
    'overlay',
    folder,
  ],
];

/** That of /etc is small, to be filled by a test. */
const furnishing: readonly string[][] = [
  ...layer('/etc', 'etc', '4m'),
  ...layer('/var/lib', 'lib', '1g'),
  ['rm', '-rf', '/etc/kubernetes', '/var/lib/etcd', '/var/lib/kubelet'],
  ['ip', 'link', 'set', 'lo', 'up'],
  ['ip', 'link', 'add', bridge, 'type', 'bridge'],
  ['ip', 'address', 'add', `${address}/24`, 'dev', bridge],
  ['ip', 'link', 'set', bridge, 'up'],
];

/** Repeats until it holds; rejects after this time. */
export async function until(holds: () => Promise<boolean>, millis: number): Promise<void> {
  for (const deadline = performance.now() + millis; !(await holds().catch(() => false)); await sleep(100)) {
    if (performance.now() > deadline) throw new Error(`not within ${millis / 1000}s: ${holds.toString()}`);
  }
}
