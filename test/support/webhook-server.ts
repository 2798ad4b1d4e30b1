import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAuthority } from '../lab/cluster/certificate.ts';
import type { TestCluster } from '../lab/cluster/cluster.ts';

/** A webhook to configure: which requests it is for, and how long it takes. */
export interface TestWebhook {
  readonly name: string;
  readonly type: 'mutating' | 'validating';
  readonly resources: readonly string[];
  readonly sleepMillis: number;
  /** The message of its refusal; without it everything is allowed. */
  readonly refusal?: string;
  /** A user whose requests it is not called for. */
  readonly exceptUser?: string;
  readonly objectSelector?: { readonly matchLabels: Readonly<Record<string, string>> };
}

interface AdmissionReview {
  readonly request: { readonly uid: string };
}

interface ConversionReview {
  readonly kind: 'ConversionReview';
  readonly request: { readonly uid: string; readonly desiredAPIVersion: string; readonly objects: readonly object[] };
}

const isConversion = (body: unknown): body is ConversionReview =>
  (body as { kind: string }).kind === 'ConversionReview';

const answerTo = ({ request: { uid } }: AdmissionReview, refusal: string | undefined): object => ({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  response: refusal === undefined ? { uid, allowed: true } : { uid, allowed: false, status: { message: refusal } },
});

function converted({ request: { uid, desiredAPIVersion, objects } }: ConversionReview): object {
  const convertedObjects = objects.map((object) => ({ ...object, apiVersion: desiredAPIVersion }));
  const response = { uid, result: { status: 'Success' }, convertedObjects };
  return { apiVersion: 'apiextensions.k8s.io/v1', kind: 'ConversionReview', response };
}

/**
 * Admission and conversion webhooks on a loopback port, which take a set time and allow everything that they are not
 * set to refuse.
 */
export class TestWebhookServer {
  readonly #server: Server;
  readonly #authority = createAuthority('webhooks');
  readonly #calls: string[] = [];
  readonly #sleepMillis = new Map<string, number>();
  readonly #refusals = new Map<string, string>();
  readonly #onNextCall = new Map<string, () => Promise<unknown>>();

  constructor() {
    const { certificate, key } = this.#authority.issueServer(['127.0.0.1']);
    this.#server = createServer({ cert: certificate, key }, (incoming, response) => {
      // The API server adds its timeout as a query.
      const [name = ''] = (incoming.url ?? '').slice(1).split('?');
      this.#answer(name, incoming).then(
        (body) => response.setHeader('content-type', 'application/json').end(body),
        (error: unknown) => response.destroy(error as Error),
      );
    });
  }

  async #answer(name: string, incoming: IncomingMessage): Promise<string> {
    const until = performance.now() + (this.#sleepMillis.get(name) ?? 0);
    const body = await json(incoming);
    const onNextCall = this.#onNextCall.get(name);
    this.#onNextCall.delete(name);
    await onNextCall?.();
    // A timer may fire a little early.
    while (performance.now() < until) await sleep(Math.ceil(until - performance.now()));
    this.#calls.push(name);
    return JSON.stringify(
      isConversion(body) ? converted(body) : answerTo(body as AdmissionReview, this.#refusals.get(name)),
    );
  }

  /** Does something before the response to the next call of a webhook. */
  onNextCall(name: string, act: () => Promise<unknown>): void {
    this.#onNextCall.set(name, act);
  }

  /** Fields of a CustomResourceDefinition whose objects are converted here, in this many milliseconds. */
  conversion(name: string, sleepMillis: number): object {
    this.#sleepMillis.set(name, sleepMillis);
    const webhook = { clientConfig: this.#clientConfig(name), conversionReviewVersions: ['v1'] };
    return { strategy: 'Webhook', webhook };
  }

  #clientConfig(name: string): object {
    const { port } = this.#server.address() as AddressInfo;
    const caBundle = Buffer.from(this.#authority.certificate).toString('base64');
    return { url: `https://127.0.0.1:${port}/${name}`, caBundle };
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Configures webhooks, each in a configuration with its name. */
  async configure(cluster: TestCluster, webhooks: readonly TestWebhook[]): Promise<void> {
    for (const { name, type, resources, sleepMillis, refusal, objectSelector, exceptUser } of webhooks) {
      this.#sleepMillis.set(name, sleepMillis);
      if (refusal !== undefined) this.#refusals.set(name, refusal);
      const kind = type === 'mutating' ? 'MutatingWebhookConfiguration' : 'ValidatingWebhookConfiguration';
      const body = {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind,
        metadata: { name: `config-${name}` },
        webhooks: [
          {
            name,
            clientConfig: this.#clientConfig(name),
            rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['*'], resources }],
            ...(objectSelector !== undefined && { objectSelector }),
            ...(exceptUser !== undefined && {
              matchConditions: [{ name: 'others', expression: `request.userInfo.username != '${exceptUser}'` }],
            }),
            admissionReviewVersions: ['v1'],
            sideEffects: 'None',
            timeoutSeconds: 7,
          },
        ],
      };
      const path = `/apis/admissionregistration.k8s.io/v1/${kind.toLowerCase()}s`;
      const answer = await cluster.call('POST', path, { body });
      if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.status} ${answer.body}`);
    }
  }

  /** The API server learns of configurations by watching them, so a moment later. */
  async untilCalled(name: string, cause: () => Promise<unknown>): Promise<void> {
    for (let attempt = 0; attempt < 100; attempt++) {
      await cause();
      if (this.#calls.splice(0).includes(name)) return;
      await sleep(100);
    }
    throw new Error(`the API server does not call ${name}`);
  }
}
