import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

/** What the API server asks of another one: may this user do this, and whose token is this? */
interface Review {
  readonly apiVersion: string;
  readonly kind: 'SubjectAccessReview' | 'TokenReview';
  readonly spec: { readonly token?: string; readonly resourceAttributes?: { readonly name?: string } };
}

export interface ReviewServer {
  /** Of a cluster that asks this server about whatever it does not know by itself. */
  readonly apiserverArgs: readonly string[];
  stop(): Promise<void>;
}

/**
 * An authorizer and an authenticator on a loopback port. It lets everybody do everything with an object whose name begins
 * with `reviewed`, and takes a token that begins with `reviewed` for that of a monitoring user; both after so many
 * milliseconds. The API server keeps the answers: each test needs a name, and a token, of its own.
 */
export async function startReviewServer(sleepMillis: number): Promise<ReviewServer> {
  const server = createServer((incoming, response) => {
    answer(incoming, sleepMillis).then(
      (body) => response.setHeader('content-type', 'application/json').end(body),
      (error: unknown) => response.destroy(error as Error),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-reviews-'));
  const file = join(folder, 'reviews.yaml');
  writeFileSync(file, kubeconfig((server.address() as AddressInfo).port), { mode: 0o600 });
  return {
    apiserverArgs: [
      // Behind those that are there: it is asked what they have no opinion about.
      '--authorization-mode=Webhook',
      `--authorization-webhook-config-file=${file}`,
      '--authorization-webhook-version=v1',
      `--authentication-token-webhook-config-file=${file}`,
      '--authentication-token-webhook-version=v1',
    ],
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answer(incoming: IncomingMessage, sleepMillis: number): Promise<string> {
  const start = performance.now();
  const { apiVersion, kind, spec } = (await json(incoming)) as Review;
  const subject = kind === 'TokenReview' ? spec.token : spec.resourceAttributes?.name;
  const isKnown = subject?.startsWith('reviewed') === true;
  // A timer may fire a little early.
  const until = isKnown ? start + sleepMillis : start;
  while (performance.now() < until) await sleep(Math.ceil(until - performance.now()));
  const user = { username: 'monitoring', groups: ['system:monitoring'] };
  const status = kind === 'TokenReview' ? { authenticated: isKnown, ...(isKnown && { user }) } : { allowed: isKnown };
  return JSON.stringify({ apiVersion, kind, status });
}

const kubeconfig = (port: number): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'reviews', cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name: 'apiserver', user: {} }],
    contexts: [{ name: 'reviews', context: { cluster: 'reviews', user: 'apiserver' } }],
    'current-context': 'reviews',
  });
