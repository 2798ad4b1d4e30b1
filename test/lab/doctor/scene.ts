import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer as createPlain, type Server } from 'node:http';
import { createServer as createHTTP2, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import { createServer as createTLS, type Server as TLSServer } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StandInKubelet } from '../../support/stand-in-kubelet.ts';
import { createAuthority } from '../cluster/certificate.ts';
import { startCluster, type TestCluster } from '../cluster/cluster.ts';
import { apiserverArgs, jaegerArgs } from '../cluster/commands.ts';
import { freePorts } from '../cluster/ports.ts';
import { minorOf } from '../cluster/versions.ts';
import { createNode, replacePods, type PodSpec } from './control-plane.ts';
import type { Destination, DoctorStory } from './stories.ts';

/** The version of etcd in the image of its pod. */
const ETCD = '3.7.3-0';
const FAILED_EXPORT = /traces export: /;
/** An API server that ends at once; its log is that of the second pod. */
const SECOND = 'kube-apiserver-second';
/** An export that fails does so after 10 s. */
const EXPORT_MILLIS = 45_000;

type Listener = Server | TLSServer | Http2Server;

/** A cluster of one version, which is set up in another way for each story. */
export class DoctorScene {
  readonly cluster: TestCluster;
  readonly version: string;
  readonly #kubelet: StandInKubelet;
  readonly #http: Server;
  readonly #tls: TLSServer;
  readonly #refusing: Http2Server;
  #otherBackend = '';
  #etcdIsOff = false;
  /** Where the log of the running API server begins. */
  #logStart = 0;

  private constructor(cluster: TestCluster, version: string) {
    this.cluster = cluster;
    this.version = version;
    this.#kubelet = new StandInKubelet((pod) => this.#logOf(pod));
    this.#http = createPlain((_, response) => response.writeHead(404).end());
    const { key, certificate } = createAuthority('collector').issueServer(['127.0.0.1']);
    this.#tls = createTLS({ key, cert: certificate }, (socket) => socket.end());
    this.#tls.on('tlsClientError', () => undefined);
    this.#refusing = createHTTP2();
    this.#refusing.on('stream', (stream: ServerHttp2Stream) => {
      const unauthenticated = { 'grpc-status': '16', 'grpc-message': 'missing token' };
      stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...unauthenticated }, { endStream: true });
    });
  }

  static async start(version: string, signal?: AbortSignal): Promise<DoctorScene> {
    const cluster = await startCluster({ kubernetes: version, ...(signal && { signal }) });
    const scene = new DoctorScene(cluster, version);
    try {
      await scene.#prepare();
      return scene;
    } catch (error) {
      await scene.stop();
      throw error;
    }
  }

  async #prepare(): Promise<void> {
    await this.#kubelet.start();
    for (const server of this.#servers) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    }
    await createNode(this.cluster, this.#kubelet.port);
    const [otlpGRPC, otlpHTTP, jaeger] = (await freePorts(3)) as [number, number, number];
    const args = jaegerArgs({ ...this.cluster.ports, otlpGRPC, otlpHTTP, jaeger }, {});
    await this.cluster.launchBeside('jaeger-other', 'env', [
      'SPAN_STORAGE_TYPE=memory',
      this.cluster.binaries.jaeger,
      ...args,
    ]);
    this.#otherBackend = `jaeger=http://127.0.0.1:${jaeger}`;
  }

  /** Sets the cluster up for a story, and resolves with the arguments of `doctor`. */
  async arrange(story: DoctorStory): Promise<readonly string[]> {
    const { cluster } = this;
    const { tracing, etcdOff = false } = story;
    await cluster.end('kube-apiserver');
    if (etcdOff !== this.#etcdIsOff) {
      await cluster.end('etcd');
      await cluster.launch('etcd', { etcdArgs: etcdOff ? ['--enable-distributed-tracing=false'] : [] });
      this.#etcdIsOff = etcdOff;
    }
    if (tracing !== undefined) this.#writeTracingFile(tracing.to, tracing.rate);
    this.#logStart = statSync(this.#log).size;
    await cluster.launch('kube-apiserver', { apiserverTracing: tracing !== undefined });
    if (story.secondEndpoint !== undefined) await this.#runSecond(story.secondEndpoint);
    const pods = this.#pods(story);
    await replacePods(cluster, story.isHidden === true ? [] : (story.pods?.(pods) ?? pods));
    if (tracing !== undefined && tracing.to !== 'jaeger') await this.#untilExportFails();
    const file = (story.args ?? []).map((word) => (word === '$FILE' ? this.#tracingFile : word));
    return ['doctor', '--context', story.user, ...this.#backendArgs(story), ...file];
  }

  async stop(): Promise<void> {
    await this.cluster.stop();
    await this.#kubelet.stop();
    for (const server of this.#servers) await new Promise((resolve) => server.close(resolve));
  }

  get #servers(): readonly Listener[] {
    return [this.#http, this.#tls, this.#refusing];
  }

  get #log(): string {
    return join(this.cluster.logs, 'kube-apiserver.log');
  }

  get #tracingFile(): string {
    return join(this.cluster.folder, 'tracing.yaml');
  }

  #logOf(pod: string): string | undefined {
    if (pod.startsWith('kube-apiserver-') && pod.endsWith('-2')) return this.#logOfSecond();
    if (pod.startsWith('kube-apiserver-')) return readFileSync(this.#log).subarray(this.#logStart).toString();
    return pod.startsWith('etcd-') ? readFileSync(join(this.cluster.logs, 'etcd.log'), 'utf8') : undefined;
  }

  #logOfSecond(): string | undefined {
    const path = join(this.cluster.logs, `${SECOND}.log`);
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  }

  #backendArgs({ backend }: DoctorStory): readonly string[] {
    const own = `jaeger=${this.cluster.backendURL}`;
    switch (backend) {
      case 'none':
        return [];
      case 'dead':
        return ['--backend', 'jaeger=http://127.0.0.1:9'];
      case 'other':
        return ['--backend', this.#otherBackend];
      default:
        return ['--backend', own];
    }
  }

  #writeTracingFile(to: Destination, rate: number): void {
    const { otlpGRPC } = this.cluster.ports;
    const portOf = (server: Listener): number => (server.address() as AddressInfo).port;
    const endpoints: Readonly<Record<Destination, string>> = {
      jaeger: `127.0.0.1:${otlpGRPC}`,
      http: `127.0.0.1:${portOf(this.#http)}`,
      tls: `127.0.0.1:${portOf(this.#tls)}`,
      refuses: `127.0.0.1:${portOf(this.#refusing)}`,
      nothing: '127.0.0.1:9',
      'no-port': '127.0.0.1',
      nowhere: '192.0.2.1:4317',
      'cluster-dns': 'otel-collector.observability.svc.cluster.local:4317',
    };
    this.#write(this.#tracingFile, endpoints[to], rate);
  }

  #write(path: string, endpoint: string, rate: number): void {
    const format = minorOf(this.version) >= 34 ? 'v1' : 'v1beta1';
    const text = `apiVersion: apiserver.config.k8s.io/${format}\nkind: TracingConfiguration\nendpoint: ${endpoint}\nsamplingRatePerMillion: ${rate}\n`;
    writeFileSync(path, text, { mode: 0o600 });
  }

  /** Starts a second API server with an endpoint that ends it. */
  async #runSecond(endpoint: string): Promise<void> {
    const { cluster } = this;
    const path = join(cluster.folder, 'tracing-2.yaml');
    this.#write(path, endpoint, 0);
    const [apiserver] = (await freePorts(1)) as [number];
    const args = apiserverArgs(cluster.folder, { ...cluster.ports, apiserver }, { apiserverTracing: false });
    const words = [...args, `--tracing-config-file=${path}`];
    await cluster.launchBeside(SECOND, cluster.binaries['kube-apiserver'], words);
    await cluster.supervision.awaitEnd(SECOND);
  }

  /** The pods of servers as these run. */
  #pods({ tracing, etcdOff }: DoctorStory): readonly PodSpec[] {
    const folder = '/etc/kubernetes/tracing';
    return [
      {
        component: 'kube-apiserver',
        tag: `v${this.version}`,
        flags: [
          '--secure-port=6443',
          ...(tracing === undefined ? [] : [`--tracing-config-file=${folder}/config.yaml`]),
        ],
        mounts: ['/etc/kubernetes/pki', ...(tracing === undefined ? [] : [folder])],
      },
      {
        component: 'etcd',
        tag: ETCD,
        flags: ['--data-dir=/var/lib/etcd', ...(etcdOff === true ? [] : ['--enable-distributed-tracing=true'])],
        mounts: ['/var/lib/etcd'],
      },
    ];
  }

  async #untilExportFails(): Promise<void> {
    const over = Date.now() + EXPORT_MILLIS;
    while (Date.now() < over) {
      // At a rate of 0 only this user's requests are recorded.
      await this.cluster.call('GET', '/api/v1/namespaces/default');
      if (FAILED_EXPORT.test(this.#logOf('kube-apiserver-') ?? '')) return;
      await sleep(500);
    }
    throw new Error(`no export has failed within ${EXPORT_MILLIS / 1000} s`);
  }
}
