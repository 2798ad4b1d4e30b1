import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

/** Reviews that the API server requests from another server: may this user do this, and whose token is this? */
interface Review {
  readonly apiVersion: string;
  readonly kind: 'SubjectAccessReview' | 'TokenReview';
  readonly spec: { readonly token?: string; readonly resourceAttributes?: { readonly name?: string } };
}

export interface ReviewServer {
  /** Flags of an API server that calls this server about everything it cannot decide itself. */
  readonly apiserverArgs: readonly string[];
  stop(): Promise<void>;
}

/**
 * An authorizer and an authenticator on a loopback port. It allows every user everything with an object whose name
 * begins with `reviewed`, and accepts a token that begins with `reviewed` as that of a monitoring user; both after this
 * many milliseconds. The API server caches the responses: each test needs its own name and token.
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
      // After the existing ones: it is called only if they have no opinion.
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
