import { readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { addToConfiguration } from '../../../src/control-plane/kubeadm/cluster-configuration.ts';
import { tracedPods } from '../../support/kubeadm-manifests.ts';
import { KubeadmMachine, until, type Ended } from './machine.ts';
import { kubeadmExecutables, type KubeadmVersion } from './programs.ts';
import type { RecordedStep, Rehearsal } from './recording.ts';
import { playedOn } from './rehearsing.ts';

const program = fileURLToPath(new URL('../../../bin/kubectl-trace', import.meta.url));
const MANIFESTS = '/etc/kubernetes/manifests';
const TRACING_FILE = '/etc/kubernetes/tracing/config.yaml';
const CONFIG = '/run/kubeadm.yaml';
const COMPONENTS = ['etcd', 'kube-apiserver'] as const;
const BACKEND = ['--backend', 'jaeger=http://127.0.0.1:16686'];
const SUPER_ADMIN = '--kubeconfig=/etc/kubernetes/super-admin.conf';
const ENDPOINT = '127.0.0.1:4317';

/** Files of a version, by their names in test/fixtures/kubeadm/. */
export type RecordedFiles = Readonly<Record<string, string>>;

/** Sets up one version by kubeadm, and plays the steps. */
export async function rehearse(
  version: KubeadmVersion,
  progress: (line: string) => void,
  signal: AbortSignal,
): Promise<{ readonly rehearsal: Rehearsal; readonly files: RecordedFiles }> {
  const programs = await kubeadmExecutables(version, { signal });
  const machine = await KubeadmMachine.start(version, programs);
  const stage = new Stage(machine, progress);
  return playedOn(machine, { progress, signal }, async () => {
    await stage.initialize();
    await (version.isComplete ? stage.playAll() : stage.playPlain());
    const { kubernetes, etcd } = version;
    return { rehearsal: { kubernetes, etcd: etcd.version, steps: stage.steps }, files: stage.files };
  });
}

class Stage {
  readonly steps: RecordedStep[] = [];
  files: Record<string, string> = {};
  readonly #machine: KubeadmMachine;
  readonly #progress: (line: string) => void;

  constructor(machine: KubeadmMachine, progress: (line: string) => void) {
    this.#machine = machine;
    this.#progress = progress;
  }

  /** All of `kubeadm init` except the add-ons, whose images are not here; or the phases that are enough for an API server. */
  async initialize(): Promise<void> {
    const { version } = this.#machine;
    const config = '--config=/run/node/kubeadm.yaml';
    this.#progress(`kubeadm init ${version.kubernetes}`);
    if (version.isComplete) {
      await this.#machine.kubeadm('init', config, '--skip-phases=addon', '--ignore-preflight-errors=all');
    } else {
      for (const phase of ['certs all', 'kubeconfig all', 'etcd local', 'control-plane apiserver']) {
        await this.#machine.kubeadm('init', 'phase', ...phase.split(' '), config);
      }
    }
    await until(() => this.#responds(), 300_000);
    // The kubelet shows its static pods when it has registered the node.
    await until(() => this.#hasMirrorPods(), 300_000);
    for (const component of COMPONENTS) this.files[component] = await this.#manifest(component);
    if (version.isComplete) this.files['ClusterConfiguration'] = await this.#configuration();
  }

  /** Apply, a second run, and undo. */
  async playPlain(): Promise<void> {
    // The phases alone do not bind the group of admin.conf to cluster-admin.
    await this.#step('apply', () => this.#setup('--apply', '--endpoint', ENDPOINT, ...BACKEND, SUPER_ADMIN));
    await this.#regenerate(addToConfiguration(await this.#given(1), tracedPods(this.#machine.version.kubernetes)));
    await this.#getNodes();
    await this.#step('apply again', () => this.#setup('--apply', ...BACKEND, SUPER_ADMIN));
    await this.#step('undo', () => this.#setup('--undo', SUPER_ADMIN));
  }

  async playAll(): Promise<void> {
    await this.#step('dry run', () => this.#setup('--dry-run', '--endpoint', ENDPOINT));
    await this.#step('full disk', () => this.#onFullDisk());
    await this.#step('broken', () => this.#broken());
    await this.#step('killed', () => this.#killed());
    await this.#step('apply', () => this.#setup('--apply', '--endpoint', ENDPOINT, ...BACKEND));
    await this.#step('apply again', () => this.#setup('--apply', ...BACKEND));
    await this.#getNodes();
    await this.#regenerate(await this.#configuration());
    await this.#step('undo', () => this.#setup('--undo'));
  }

  async #getNodes(): Promise<void> {
    await this.#step('get nodes', () => this.#run('get', 'nodes', '--full', '--width=100', SUPER_ADMIN, ...BACKEND));
  }

  /** One document of the configuration for `kubeadm init`. */
  async #given(index: number): Promise<string> {
    return (await readFile(this.#machine.path('/run/node/kubeadm.yaml'), 'utf8')).split('---\n')[index]!;
  }

  /** The manifests that kubeadm itself writes from the changed configuration, as an upgrade would. */
  async #regenerate(configuration: string): Promise<void> {
    await writeFile(this.#machine.path(CONFIG), `${await this.#given(0)}---\n${configuration}`);
    const env = { KUBEADM_INIT_DRYRUN_DIR: '/run/written' };
    await this.#machine.must('mkdir', ['-p', '/run/written']);
    for (const phase of ['etcd local', 'control-plane apiserver']) {
      const args = ['init', 'phase', ...phase.split(' '), `--config=${CONFIG}`, '--dry-run'];
      const { code, stderr } = await this.#machine.run(this.#machine.programs.kubeadm, args, env);
      if (code !== 0) throw new Error(stderr);
    }
    for (const component of COMPONENTS) {
      this.files[`${component}.traced`] = await readFile(this.#machine.path(`/run/written/${component}.yaml`), 'utf8');
    }
  }

  async #onFullDisk(): Promise<Ended> {
    const filler = this.#machine.path('/etc/filler');
    // Up to the last block: the error of dd says that the disk is full.
    await this.#machine.run('dd', ['if=/dev/zero', 'of=/etc/filler', 'bs=4k']);
    try {
      return await this.#setup('--apply', '--endpoint', ENDPOINT);
    } finally {
      await rm(filler);
    }
  }

  /** The API server cannot read the file that another program has put in the place of the TracingConfiguration. */
  async #broken(): Promise<Ended> {
    const file = this.#machine.path(TRACING_FILE);
    const applying = this.#setup('--apply', '--endpoint', ENDPOINT, '--restart-timeout=90s');
    void until(async () => (await readFile(file, 'utf8')) !== '', 60_000)
      .then(() => writeFile(file, 'kind: Broken\n'))
      .catch(() => undefined);
    return applying;
  }

  /** SIGKILL while etcd restarts. */
  async #killed(): Promise<Ended> {
    const command = `"$@" & echo $! > /run/applying; wait $!`;
    const args = ['-c', command, 'sh', program, 'setup', 'kubeadm', '--apply', '--endpoint', ENDPOINT];
    const running = this.#machine.run('sh', args, this.#env());
    await until(async () => (await this.#manifest('etcd')) !== this.files['etcd'], 120_000);
    await this.#machine.must('sh', ['-c', 'kill -9 $(cat /run/applying)']);
    return running;
  }

  async #step(name: string, run: () => Promise<Ended>): Promise<void> {
    this.#progress(name);
    const begun = performance.now();
    const { code, stdout, stderr } = await run();
    const seconds = Math.round((performance.now() - begun) / 1000);
    // A killed run leaves an API server that may be on its way.
    if (name !== 'killed') await until(() => this.#responds(), 300_000);
    const left = (await this.#machine.run('find', ['/etc/kubernetes', '-name', '*kubectl-trace*'])).stdout;
    const [etcd, apiserver] = [await this.#manifest('etcd'), await this.#manifest('kube-apiserver')];
    const step: RecordedStep = {
      name,
      code,
      stdout,
      stderr,
      seconds,
      isOriginal: etcd === this.files['etcd'] && apiserver === this.files['kube-apiserver'],
      isOriginalConfiguration: name === 'killed' ? null : await this.#isOriginalConfiguration(),
      left: left.split('\n').filter((line) => line !== ''),
    };
    this.#progress(`${name}: exit code ${code} after ${seconds} s`);
    this.steps.push(step);
  }

  async #isOriginalConfiguration(): Promise<boolean | null> {
    const before = this.files['ClusterConfiguration'];
    return before === undefined ? null : (await this.#configuration()) === before;
  }

  #setup(...args: readonly string[]): Promise<Ended> {
    return this.#run('setup', 'kubeadm', ...args);
  }

  #run(...args: readonly string[]): Promise<Ended> {
    return this.#machine.run(program, args, this.#env());
  }

  #env(): NodeJS.ProcessEnv {
    return { HOME: '/run/home', KUBECONFIG: '', NO_COLOR: '1' };
  }

  #manifest(component: (typeof COMPONENTS)[number]): Promise<string> {
    return readFile(this.#machine.path(`${MANIFESTS}/${component}.yaml`), 'utf8');
  }

  async #configuration(): Promise<string> {
    return this.#kubectl(
      '-n',
      'kube-system',
      'get',
      'configmap',
      'kubeadm-config',
      '-o=jsonpath={.data.ClusterConfiguration}',
    );
  }

  async #responds(): Promise<boolean> {
    await this.#kubectl('get', 'nodes');
    return true;
  }

  async #hasMirrorPods(): Promise<boolean> {
    const pods = await this.#kubectl('-n', 'kube-system', 'get', 'pods', '-l', 'tier=control-plane', '-o', 'name');
    return COMPONENTS.every((component) => pods.includes(`pod/${component}-`));
  }

  #kubectl(...args: readonly string[]): Promise<string> {
    const own = [SUPER_ADMIN, '--request-timeout=10s', '--cache-dir=/run/home/cache'];
    return this.#machine.must(this.#machine.programs.kubectl, [...own, ...args]);
  }
}
