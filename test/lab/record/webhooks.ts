import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAuthority } from '../cluster/certificate.ts';
import type { TestCluster } from '../cluster/cluster.ts';
import type { EpochClock } from './clock.ts';
import type { WebhookCall } from './fixture.ts';

interface Webhook {
  readonly name: string;
  readonly type: WebhookCall['type'];
  readonly sleepMillis: number;
}

export const webhooks: readonly Webhook[] = [
  { name: 'slow.mutating.record.test', type: 'mutating', sleepMillis: 350 },
  { name: 'quick.validating.record.test', type: 'validating', sleepMillis: 20 },
];

/** A config map with this label is the webhooks' business, and no other object is. */
export const webhookLabel = { 'record.test/webhooks': 'called' };

/** Admission webhooks on their own loopback port, which record their calls. */
export class WebhookServer {
  readonly #server: Server;
  readonly #calls: WebhookCall[];

  private constructor(server: Server, calls: WebhookCall[]) {
    this.#server = server;
    this.#calls = calls;
  }

  /** Resolves when the API server calls them. */
  static async start(cluster: TestCluster, clock: EpochClock, namespace: string): Promise<WebhookServer> {
    const authority = createAuthority('webhooks');
    const { certificate, key } = authority.issueServer(['127.0.0.1']);
    const calls: WebhookCall[] = [];
    const server = createServer({ cert: certificate, key }, (incoming, response) => {
      answer(incoming, clock, calls).then(
        (body) => response.setHeader('content-type', 'application/json').end(body),
        (error: unknown) => response.destroy(error as Error),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const webhookServer = new WebhookServer(server, calls);
    const { port } = server.address() as AddressInfo;
    for (const webhook of webhooks) {
      const { path, object } = configuration(webhook, port, authority.certificate);
      const { status, body } = await cluster.call('POST', path, { body: object });
      if (status !== 201) throw new Error(`POST ${path}: ${status} ${body}`);
    }
    await webhookServer.#untilCalled(cluster, namespace);
    return webhookServer;
  }

  /** The calls since the last time this was called. */
  takeCalls(): WebhookCall[] {
    return this.#calls.splice(0);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** The API server learns of a webhook's configuration by watching, so a moment after it was created. */
  async #untilCalled(cluster: TestCluster, namespace: string): Promise<void> {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'trial', labels: webhookLabel } };
    for (let attempt = 0; attempt < 100; attempt += 1) {
      await cluster.call('POST', `/api/v1/namespaces/${namespace}/configmaps?dryRun=All`, { body: object });
      if (new Set(this.takeCalls().map(({ name }) => name)).size === webhooks.length) return;
      await sleep(100);
    }
    throw new Error('the API server does not call the webhooks');
  }
}

/** The response to one call, which is recorded before it is sent: the story's own call comes after it. */
async function answer(incoming: IncomingMessage, clock: EpochClock, calls: WebhookCall[]): Promise<string> {
  const start = clock.now();
  const webhook = webhooks.find(({ name }) => incoming.url?.startsWith(`/${name}`));
  if (webhook === undefined) throw new Error(`no webhook is served at ${incoming.url}`);
  const { name, type, sleepMillis } = webhook;
  const { request } = (await json(incoming)) as { request: { uid: string } };
  const until = start + BigInt(sleepMillis) * 1_000_000n;
  // A timer of Node's may fire a little early.
  while (clock.now() < until) await sleep(Math.ceil(Number(until - clock.now()) / 1e6));
  const traceparent = incoming.headers['traceparent'];
  const seen = typeof traceparent === 'string' ? traceparent : null;
  calls.push({ name, type, start: String(start), end: String(clock.now()), traceparent: seen });
  return JSON.stringify(review(request.uid, type));
}

function configuration({ name, type }: Webhook, port: number, authority: string): { path: string; object: unknown } {
  const kind = type === 'mutating' ? 'MutatingWebhookConfiguration' : 'ValidatingWebhookConfiguration';
  return {
    path: `/apis/admissionregistration.k8s.io/v1/${kind.toLowerCase()}s`,
    object: {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind,
      metadata: { name: `${type}.record.test` },
      webhooks: [
        {
          name,
          clientConfig: {
            url: `https://127.0.0.1:${port}/${name}`,
            caBundle: Buffer.from(authority).toString('base64'),
          },
          rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }],
          objectSelector: { matchLabels: webhookLabel },
          admissionReviewVersions: ['v1'],
          sideEffects: 'None',
          timeoutSeconds: 10,
        },
      ],
    },
  };
}

/** Allows everything; the mutating one changes the object too, by RFC 6902. */
function review(uid: string, type: Webhook['type']): unknown {
  const patch = [{ op: 'add', path: '/data', value: { mutated: 'yes' } }];
  const mutation = { patchType: 'JSONPatch', patch: Buffer.from(JSON.stringify(patch)).toString('base64') };
  const response = { uid, allowed: true, ...(type === 'mutating' ? mutation : {}) };
  return { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response };
}
