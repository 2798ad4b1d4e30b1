import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAuthority } from '../cluster/certificate.ts';
import type { TestCluster } from '../cluster/cluster.ts';
import { container, pod } from './manifests.ts';

export const webhookName = 'signatures.lab.test';

/** Starts a webhook that refuses every pod of a namespace; resolves when it does, with how to end it. */
export async function denyPods(cluster: TestCluster, namespace: string): Promise<() => Promise<void>> {
  const authority = createAuthority('webhooks');
  const { certificate, key } = authority.issueServer(['127.0.0.1']);
  const server = createServer({ cert: certificate, key }, (incoming, response) => {
    json(incoming).then(
      (review) => response.setHeader('content-type', 'application/json').end(denial(review)),
      (error: unknown) => response.destroy(error as Error),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const path = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';
  const body = configuration(namespace, port, authority.certificate);
  const answer = await cluster.call('POST', path, { body });
  if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.status} ${answer.body}`);
  await untilDenied(cluster, namespace);
  return async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
}

function denial(review: unknown): string {
  const { uid } = (review as { request: { uid: string } }).request;
  const status = { code: 403, message: 'the image is not signed' };
  const response = { uid, allowed: false, status };
  return JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response });
}

function configuration(namespace: string, port: number, authority: string): object {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: webhookName },
    webhooks: [
      {
        name: webhookName,
        clientConfig: { url: `https://127.0.0.1:${port}/`, caBundle: Buffer.from(authority).toString('base64') },
        rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        timeoutSeconds: 10,
      },
    ],
  };
}

/** The API server learns of a webhook's configuration by watching, so a moment after it was created. */
async function untilDenied(cluster: TestCluster, namespace: string): Promise<void> {
  const { path, object } = pod(namespace, 'trial', { containers: [container('trial', ['sleep'])] });
  for (;;) {
    const { body } = await cluster.call('POST', `${path}?dryRun=All`, { body: object });
    if (body.includes(webhookName)) return;
    await sleep(100);
  }
}
