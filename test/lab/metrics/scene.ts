import { request } from 'node:https';
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExtensionServer } from '../../support/extension-server.ts';
import { cleanHome, kubectlTrace, type Outcome } from '../../support/kubectl-trace.ts';
import { startSecondAPIServer } from '../../support/second-apiserver.ts';
import { TestWebhookServer } from '../../support/webhook-server.ts';
import { startCluster, type ClusterOptions, type TestCluster } from '../cluster/cluster.ts';
import { WIDGETS, writeManifests, type Manifests } from './manifests.ts';
import { configureTruths } from './truth-webhooks.ts';
import { CONVERSION_MILLIS, MUTATING, QUICK_MILLIS, SLOW_MILLIS, VALIDATING } from './stories.ts';

/** Receives no spans: etcd is configured to trace, and the API server is not. */
const NOWHERE = '127.0.0.1:9';
const PROTOBUF = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';

/** A cluster of one version that does not trace, with everything that the stories are about. */
export class Scene {
  readonly kubernetes: string;
  readonly cluster: TestCluster;
  readonly webhooks: TestWebhookServer;
  readonly manifests: Manifests;
  readonly #home = cleanHome();
  readonly #extension = new ExtensionServer();
  readonly #options: ClusterOptions;
  #second: Promise<string> | undefined;

  private constructor(cluster: TestCluster, kubernetes: string, options: ClusterOptions) {
    this.kubernetes = kubernetes;
    this.cluster = cluster;
    this.webhooks = new TestWebhookServer();
    this.#options = options;
    this.manifests = writeManifests(this.#home.path);
  }

  /** The folder of files that requests send; `stop` removes it. */
  get folder(): string {
    return this.#home.path;
  }

  static async start(kubernetes: string, signal: AbortSignal, changed: ClusterOptions = {}): Promise<Scene> {
    const options: ClusterOptions = {
      apiserverTracing: false,
      auditLog: true,
      exportTo: NOWHERE,
      ...changed,
      // Few, so that a priority level of one share has a single seat.
      apiserverArgs: [
        '--max-requests-inflight=40',
        '--max-mutating-requests-inflight=20',
        ...(changed.apiserverArgs ?? []),
      ],
    };
    const cluster = await startCluster({ kubernetes, signal, ...options });
    const scene = new Scene(cluster, kubernetes, options);
    try {
      await scene.#prepare();
      return scene;
    } catch (error) {
      await scene.stop();
      throw error;
    }
  }

  async #prepare(): Promise<void> {
    const { cluster, webhooks } = this;
    await webhooks.start();
    await webhooks.configure(cluster, [
      { name: MUTATING, type: 'mutating', resources: ['secrets'], sleepMillis: SLOW_MILLIS },
      { name: VALIDATING, type: 'validating', resources: ['secrets'], sleepMillis: QUICK_MILLIS },
    ]);
    for (const name of [MUTATING, VALIDATING]) await webhooks.untilCalled(name, () => this.try('secrets', 'Secret'));
    await configureTruths(cluster, webhooks);
    await this.#extension.start(cluster);
    await this.#makeWidget();
  }

  /** A dry run of a create, which calls the webhooks of its resource. */
  try(resource: string, kind: string): Promise<unknown> {
    const body = { apiVersion: 'v1', kind, metadata: { name: 'trial' } };
    return this.cluster.call('POST', `/api/v1/namespaces/default/${resource}?dryRun=All`, { body });
  }

  /** A custom resource that is stored as v1. */
  async #makeWidget(): Promise<void> {
    const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
    const version = (name: string, storage: boolean): object => ({ name, served: true, storage, schema });
    await this.until(201, 'POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `widgets.${WIDGETS}` },
      spec: {
        group: WIDGETS,
        scope: 'Namespaced',
        names: { kind: 'Widget', plural: 'widgets', singular: 'widget' },
        versions: [version('v1', true), version('v2', false)],
        conversion: this.webhooks.conversion('convert', CONVERSION_MILLIS),
      },
    });
    const path = (served: string): string => `/apis/${WIDGETS}/${served}/namespaces/default/widgets`;
    await this.until(201, 'POST', path('v1'), {
      apiVersion: `${WIDGETS}/v1`,
      kind: 'Widget',
      metadata: { name: 'one' },
    });
    await this.until(200, 'GET', `${path('v2')}/one`);
  }

  /** Repeats a request until it has this status: servers learn of new objects by watching. */
  async until(status: number, method: string, path: string, body?: unknown): Promise<string> {
    for (let attempt = 0; attempt < 100; attempt++) {
      const answer = await this.cluster.call(method, path, { body });
      if (answer.status === status) return answer.body;
      await sleep(100);
    }
    throw new Error(`${method} ${path} never has status ${status}`);
  }

  readonly call = (method: string, path: string, body?: unknown): Promise<unknown> =>
    this.cluster.call(method, path, { body });

  /** Runs the built program as an ordinary cluster-admin. */
  run(...args: readonly string[]): Promise<Outcome> {
    return this.runWith(this.cluster.kubeconfig, ...args);
  }

  runWith(kubeconfig: string, ...args: readonly string[]): Promise<Outcome> {
    return kubectlTrace(this.#home.path, args, { env: { KUBECONFIG: kubeconfig } });
  }

  /** The API server's metrics, with a connection, a user and a reader that are not the program's. */
  async metrics(): Promise<Buffer> {
    const { cluster } = this;
    const ca = await readFile(cluster.certificateAuthority, 'utf8');
    const headers = { authorization: `Bearer ${cluster.token('masters')}`, accept: PROTOBUF };
    return new Promise((resolve, reject) => {
      const call = request(new URL('/metrics', cluster.server), { ca, headers, agent: false }, (response) => {
        buffer(response).then(resolve, reject);
      });
      call.on('error', reject).end();
    });
  }

  /** The address of a second API server on the same etcd, which is started for the first caller. */
  secondServer(): Promise<string> {
    return (this.#second ??= startSecondAPIServer(this.cluster, 'control-plane-2', this.#options));
  }

  async stop(): Promise<void> {
    await this.#extension.stop().catch(() => undefined);
    await this.webhooks.stop().catch(() => undefined);
    await this.cluster.stop();
    this.#home.remove();
  }
}
