import { cp, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClusterAPI, type Answer, type CallOptions } from './api.ts';
import type { Authority, Validity } from './certificate.ts';
import { executables, type BuildOptions, type Executables } from './build.ts';
import {
  apiserverArgs,
  etcdArgs,
  jaegerArgs,
  jaegerEnvironment,
  serverEnvironment,
  type ClusterOptions,
  type Ports,
} from './commands.ts';
import { writeClusterFiles } from './files.ts';
import { givenVersions } from './given-versions.ts';
import { freePorts } from './ports.ts';
import { Supervision } from './supervision.ts';
import type { StartServer } from './supervisor.ts';
import { clusterAdminBindings, createUsers, serverKubeconfig, userOf, type ContextName, type Users } from './users.ts';

export type { ClusterOptions } from './commands.ts';
export type { ContextName } from './users.ts';

const runningServers = ['jaeger', 'etcd', 'kube-apiserver'] as const;
export type RunningServer = (typeof runningServers)[number];

const startMillis = 60_000;

/**
 * Starts etcd, kube-apiserver and, unless they export to another backend, Jaeger on free loopback ports. Resolves when
 * they respond to requests. The servers end with this process, however it ends; `stop` ends them earlier. A failed
 * start leaves only its logs, whose folder the error names.
 */
export async function startCluster(options: ClusterOptions & BuildOptions = {}): Promise<TestCluster> {
  const binaries = await executables(options.exportTo === undefined ? options : { ...options, without: ['jaeger'] });
  const given = await givenVersions(binaries, options.env ?? process.env);
  return attemptStart(binaries, { ...given, ...options }, 3);
}

async function attemptStart(
  binaries: Executables,
  options: ClusterOptions & BuildOptions,
  attempts: number,
): Promise<TestCluster> {
  options.signal?.throwIfAborted();
  const signals = [AbortSignal.timeout(startMillis), ...(options.signal === undefined ? [] : [options.signal])];
  const cluster = new TestCluster(await Supervision.begin(), binaries, await clusterPorts(), options);
  try {
    await cluster.start(AbortSignal.any(signals));
    return cluster;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const interrupted = options.signal?.aborted === true;
    // Between being found free and being listened on, a port may have gone to another cluster that starts just now.
    const again = reason.includes('address already in use') && attempts > 1;
    const logs = interrupted || again ? '' : await cluster.saveLogs();
    await cluster.stop();
    if (interrupted) throw options.signal?.reason;
    if (again) return attemptStart(binaries, options, attempts - 1);
    throw new Error(`the test cluster did not start: ${reason}\nits logs: ${logs}`, { cause });
  }
}

async function clusterPorts(): Promise<Ports> {
  const [etcd, apiserver, otlpGRPC, otlpHTTP, jaeger] = (await freePorts(5)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return { etcd, apiserver, otlpGRPC, otlpHTTP, jaeger };
}

export class TestCluster {
  /** https://127.0.0.1:PORT */
  readonly server: string;
  /** The path of a kubeconfig (0600) with the contexts of {@link ContextName}; `admin` is the current one. */
  readonly kubeconfig: string;
  /** PEM file of the authority that signed the API server's certificate. */
  readonly certificateAuthority: string;
  /** Jaeger's address for look-ups, with its base path and without a slash at the end. */
  readonly backendURL: string;
  /** Where Jaeger takes OTLP over HTTP. */
  readonly otlpURL: string;
  readonly binaries: Executables;
  readonly ports: Ports;
  /** Removed by `stop`, with everything in it. */
  readonly folder: string;
  /** One log for each server: `etcd.log`, `kube-apiserver.log`, `jaeger.log`. */
  readonly logs: string;

  /** Takes in the servers that join this cluster, and ends them with it, before its own. */
  readonly supervision: Supervision;

  #options: ClusterOptions;
  readonly #users: Users = createUsers();
  #api: ClusterAPI | undefined;
  #authority: Authority | undefined;

  constructor(supervision: Supervision, binaries: Executables, ports: Ports, options: ClusterOptions) {
    this.supervision = supervision;
    this.#options = options;
    this.binaries = binaries;
    this.ports = ports;
    this.folder = supervision.folder;
    this.logs = join(this.folder, 'logs');
    this.kubeconfig = join(this.folder, 'kubeconfig');
    this.certificateAuthority = join(this.folder, 'ca.crt');
    this.server = `https://127.0.0.1:${ports.apiserver}`;
    this.backendURL = `http://127.0.0.1:${ports.jaeger}${options.jaegerBasePath ?? ''}`.replace(/\/$/, '');
    this.otlpURL = `http://127.0.0.1:${ports.otlpHTTP}`;
  }

  get #hasJaeger(): boolean {
    return this.#options.exportTo === undefined;
  }

  /** Called once, by startCluster. */
  async start(signal: AbortSignal): Promise<void> {
    this.#authority = await writeClusterFiles(this.folder, this.server, this.#users, this.ports, this.#options);
    this.#api = new ClusterAPI(this.server, this.#authority.certificate);
    // In this order, because they end in the opposite one: what exports spans before what collects them.
    if (this.#hasJaeger) await this.#launch('jaeger');
    await this.#launch('etcd');
    await this.#untilReady('etcd', signal);
    await this.#launch('kube-apiserver');
    await this.#untilReady('kube-apiserver', signal);
    if (this.#hasJaeger) await this.#untilReady('jaeger', signal);
    await this.#createObjects();
    // Another cluster's server at the same port would have responded in place of one that could not listen there.
    for (const name of runningServers) await this.#throwIfEnded(name);
  }

  /** One request to the API server as `user` (default `masters`), independent of the code under test. */
  call(
    method: string,
    path: string,
    options: Omit<CallOptions, 'token'> & { user?: ContextName } = {},
  ): Promise<Answer> {
    if (this.#api === undefined) throw new Error('the test cluster is not started yet');
    const { user = 'masters', ...rest } = options;
    return this.#api.call(method, path, { ...rest, token: this.token(user) });
  }

  /** The bearer token of a context; `cert` has none. */
  token(context: ContextName): string {
    const { token } = userOf(this.#users, context);
    if (token === undefined) throw new Error(`${context} has no token`);
    return token;
  }

  /** A kubeconfig with a client certificate of this cluster's authority, for a server that joins it. */
  kubeconfigOf(user: string, groups: readonly string[], validity?: Validity): string {
    if (this.#authority === undefined) throw new Error('the test cluster is not started yet');
    const client = this.#authority.issueClient(user, groups, validity);
    return serverKubeconfig(this.server, this.#authority.certificate, client);
  }

  /** The process ID of a running server. */
  pid(name: RunningServer): number {
    const server = this.supervision.server(name);
    if (server === undefined || server.ended !== undefined) throw new Error(`${name} is not running`);
    return server.pid;
  }

  /** Pauses a server (SIGSTOP): it keeps its connections open and does not respond until `resume`. */
  pause(name: RunningServer): void {
    process.kill(this.pid(name), 'SIGSTOP');
  }

  resume(name: RunningServer): void {
    process.kill(this.pid(name), 'SIGCONT');
  }

  /** Ends a server alone; `launch` starts it again on the same port. */
  async end(name: RunningServer): Promise<void> {
    await this.supervision.end(name);
  }

  /**
   * Starts a server again after `end`, with other options from then on where some are given, and resolves when it responds.
   * Jaeger has lost its traces then.
   */
  async launch(name: RunningServer, changed: Partial<ClusterOptions> = {}): Promise<void> {
    this.#options = { ...this.#options, ...changed };
    await this.#launch(name);
    await this.#untilReady(name, AbortSignal.timeout(startMillis));
  }

  /** Starts a server beside the cluster's own, which ends with it. Its log stands beside theirs. */
  async launchBeside(name: string, command: string, args: readonly string[]): Promise<void> {
    const env = serverEnvironment(this.#options);
    await this.supervision.start({ name, command, args, env, log: join(this.logs, `${name}.log`) });
  }

  /** Copies the logs to a folder that outlives the cluster, and returns the folder. */
  async saveLogs(): Promise<string> {
    const target = await mkdtemp(join(tmpdir(), 'kubectl-trace-logs-'));
    await cp(this.logs, target, { recursive: true });
    return target;
  }

  /** Ends every server and removes the folder; resolves when all of it is gone. May be called again. */
  async stop(): Promise<void> {
    await this.supervision.finish();
  }

  async #launch(name: RunningServer): Promise<void> {
    const environment = serverEnvironment(this.#options);
    const commands: Record<RunningServer, Pick<StartServer, 'args' | 'env'>> = {
      etcd: { args: etcdArgs(this.folder, this.ports, this.#options), env: environment },
      'kube-apiserver': { args: apiserverArgs(this.folder, this.ports, this.#options), env: environment },
      jaeger: { args: jaegerArgs(this.ports, this.#options), env: { ...environment, ...jaegerEnvironment } },
    };
    const log = join(this.logs, `${name}.log`);
    await this.supervision.start({ name, command: this.binaries[name], log, ...commands[name] });
  }

  async #untilReady(name: RunningServer, signal: AbortSignal): Promise<void> {
    while (!(await this.#isReady(name).catch(() => false))) {
      await this.#throwIfEnded(name);
      if (signal.aborted) throw new Error(`${name} does not respond after ${startMillis / 1000}s`);
      await sleep(50);
    }
  }

  async #isReady(name: RunningServer): Promise<boolean> {
    if (name === 'kube-apiserver') return (await this.call('GET', '/readyz')).status === 200;
    const url = name === 'etcd' ? `http://127.0.0.1:${this.ports.etcd}/health` : `${this.backendURL}/api/services`;
    return (await fetch(url, { signal: AbortSignal.timeout(2000) })).ok;
  }

  async #throwIfEnded(name: RunningServer): Promise<void> {
    const how = this.supervision.server(name)?.ended;
    if (how === undefined) return;
    const log = await readFile(join(this.logs, `${name}.log`), 'utf8').catch(() => '');
    throw new Error(`${name} ended with ${how}: ${log.trimEnd().split('\n').at(-1)}`);
  }

  async #createObjects(): Promise<void> {
    const bindings = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings';
    for (const binding of clusterAdminBindings()) await this.#create(bindings, binding);
    if (this.#options.node) return;
    // No kubelet registers one, and `get nodes` is what people try first.
    await this.#create('/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: 'demo-node' } });
  }

  async #create(path: string, object: unknown): Promise<void> {
    const { status, body } = await this.call('POST', path, { body: object });
    if (status !== 201) throw new Error(`POST ${path}: ${status} ${body}`);
  }
}
