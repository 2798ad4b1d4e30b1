import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { address } from '../kubeadm/files.ts';
import { KubeadmMachine, until, type Ended } from '../kubeadm/machine.ts';
import { kubeadmExecutables, kubeadmVersions, type KubeadmVersion } from '../kubeadm/programs.ts';
import { playedOn } from '../kubeadm/rehearsing.ts';
import type { RecordedStep, Rehearsal } from './recording.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const program = `${root}bin/kubectl-trace`;
const IMAGE = 'registry.test/kubectl-trace:1';
const SUPER_ADMIN = '/etc/kubernetes/super-admin.conf';
/** Folder of the machine in which the printed commands are run. */
const FOLDER = '/run/made';
const NAME = 'kubectl-trace-serve.tracing.svc';
/** Prints the status alone. */
const CURL = "curl --silent --output /dev/null --write-out '%{http_code}' --noproxy '*'";
const TO_NAME = `--cacert tls.crt --resolve ${NAME}:16686:${address}`;
const URL_OF_NAME = `https://${NAME}:16686/api/services`;

/** Plays the steps on a new machine. */
export async function rehearse(progress: (line: string) => void, signal: AbortSignal): Promise<Rehearsal> {
  const version = kubeadmVersions.find(({ isComplete }) => isComplete)!;
  const programs = await kubeadmExecutables(version, { signal });
  const images = [`${IMAGE.split('/')[1]}=${root}`];
  const machine = await KubeadmMachine.start(version, programs, { hasJaeger: false, images });
  const stage = new Stage(machine, version, progress);
  return playedOn(machine, { progress, signal }, async () => {
    await stage.play();
    return { kubernetes: version.kubernetes, steps: stage.steps };
  });
}

class Stage {
  readonly steps: RecordedStep[] = [];
  readonly #machine: KubeadmMachine;
  readonly #version: KubeadmVersion;
  readonly #progress: (line: string) => void;

  constructor(machine: KubeadmMachine, version: KubeadmVersion, progress: (line: string) => void) {
    this.#machine = machine;
    this.#version = version;
    this.#progress = progress;
  }

  async play(): Promise<void> {
    this.#progress(`kubeadm init ${this.#version.kubernetes}`);
    const config = '--config=/run/node/kubeadm.yaml';
    await this.#machine.kubeadm('init', config, '--skip-phases=addon', '--ignore-preflight-errors=all');
    await until(async () => (await this.#shell('kubectl get nodes')).code === 0, 300_000);
    await this.#install();
    await this.#look();
    await this.#trace();
    await this.#reach();
    await this.#renew();
  }

  async #install(): Promise<void> {
    await this.#machine.must('mkdir', ['-p', FOLDER]);
    const { stdout: manifest } = await this.#run('setup', 'backend', 'serve', '--image', IMAGE);
    const printed = manifest.split('\n').flatMap((line) => (line.startsWith('#   ') ? [line.slice(4)] : []));
    await writeFile(this.#machine.path(`${FOLDER}/serve.yaml`), manifest);
    const making = printed.filter((line) => /^ *(openssl|-addext|\(umask)/.test(line)).join('\n');
    const secret = printed.find((line) => line.includes('create secret'))!;
    await this.#step('the printed commands make certificate and token', async () => {
      const { code, stdout } = await this.#shell(making);
      return { code, stdout, stderr: '' };
    });
    await this.#step('kubectl apply', () => this.#shell('kubectl apply -f serve.yaml'));
    await this.#step('the printed command makes the Secret', () => this.#shell(secret));
    const status = 'kubectl -n tracing rollout status daemonset/kubectl-trace-serve --timeout=240s';
    await this.#step('the pod is ready', () => this.#shell(status));
  }

  async #look(): Promise<void> {
    const logs = 'kubectl -n tracing logs daemonset/kubectl-trace-serve -c serve';
    await this.#step('it says where it listens', () => this.#shell(logs));
    const stat = "stat -c '%u %g %a' /var/lib/kubectl-trace/traces.db";
    await this.#step('user, group and mode of the store', () => this.#shell(stat));
    const status = `grep -hE '^(Uid|CapEff|NoNewPrivs):' /proc/$(pgrep -of 'node /app/dist/main.js serve')/status`;
    await this.#step('users of the process', () => this.#shell(status));
  }

  async #trace(): Promise<void> {
    const backend = ['--backend', 'tracing/kubectl-trace-serve'];
    const access = ['--backend-ca', `${FOLDER}/tls.crt`, '--backend-token-file', `${FOLDER}/token`];
    const apply = ['setup', 'kubeadm', '--apply', '--endpoint', '127.0.0.1:4317'];
    await this.#step('setup kubeadm --apply verifies with it', () => this.#run(...apply, ...backend, ...access));
    const get = ['get', 'nodes', '--metrics', 'off', '--kubeconfig', SUPER_ADMIN];
    await this.#step('get nodes by a port-forward, with its authority and token', async () => {
      const { code, stdout, stderr } = await this.#run(...get, ...backend, ...access, '-o', 'json');
      const { verdict, trace } = JSON.parse(stdout) as {
        verdict: string;
        trace: { spans: { service: string }[] } | null;
      };
      const services = [...new Set(trace?.spans.map(({ service }) => service))].toSorted();
      return { code, stdout: JSON.stringify({ verdict, services }, null, 1), stderr };
    });
    await this.#step('get nodes without the token', () =>
      this.#run(...get, ...backend, ...access.slice(0, 2), '--via', 'port-forward'),
    );
  }

  async #reach(): Promise<void> {
    await this.#step('the address of the node without the token', () =>
      this.#shell(`${CURL} ${TO_NAME} ${URL_OF_NAME}`),
    );
    await this.#step('the address of the node with the token', () => this.#withToken('token'));
    await this.#step('the address of the node in plain text', () => this.#shell(`${CURL} http://${address}:16686/`));
    await this.#step('the port for spans from the network', () => this.#shell(`${CURL} http://${address}:4317/`));
    await this.#step('the port for spans from the node', () => this.#shell(`${CURL} http://127.0.0.1:4317/`));
  }

  async #renew(): Promise<void> {
    const files = '--from-file=tls.crt --from-file=tls.key --from-file=token';
    const secret = `kubectl -n tracing create secret generic kubectl-trace-serve ${files} --dry-run=client -o yaml`;
    const renewal = `cp token former && (umask 077 && openssl rand -hex 32 > token) && ${secret} | kubectl replace -f -`;
    await this.#step('the Secret is renewed', () => this.#shell(renewal));
    await until(async () => (await this.#withToken('token')).stdout === '200', 240_000);
    await this.#step('the renewed token', () => this.#withToken('token'));
    await this.#step('the former token', () => this.#withToken('former'));
    const restarts = "kubectl -n tracing get pods -o 'jsonpath={.items[*].status.containerStatuses[0].restartCount}'";
    await this.#step('restarts of the pod', () => this.#shell(restarts));
  }

  #withToken(file: string): Promise<Ended> {
    return this.#shell(`${CURL} ${TO_NAME} --header "Authorization: Bearer $(cat ${file})" ${URL_OF_NAME}`);
  }

  async #step(name: string, play: () => Promise<Ended>): Promise<void> {
    this.#progress(name);
    const { code, stdout, stderr } = await play();
    this.#progress(`${name}: exit code ${code}`);
    this.steps.push({ name, code, output: stdout + stderr });
  }

  #run(...args: readonly string[]): Promise<Ended> {
    return this.#machine.run(program, args, this.#env());
  }

  /** Runs a command in the folder, with kubectl on the PATH. */
  #shell(command: string): Promise<Ended> {
    const kubectl = `kubectl() { '${this.#machine.programs.kubectl}' "$@"; }`;
    return this.#machine.run('sh', ['-c', `${kubectl}; cd ${FOLDER} 2>/dev/null; ${command}`], {
      ...this.#env(),
      KUBECONFIG: SUPER_ADMIN,
    });
  }

  #env(): NodeJS.ProcessEnv {
    return { HOME: '/run/home', KUBECONFIG: '', NO_COLOR: '1' };
  }
}
