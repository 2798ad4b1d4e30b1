import type { ActsAs } from '../kube/http/exchange.ts';

/** Access data of the proxy for a client. */
export interface ProxyAccess {
  /** `https://127.0.0.1:PORT` */
  readonly url: string;
  /** PEM. */
  readonly certificate: string;
  readonly token: string;
}

/** Settings of the user's kubeconfig that a client finds here too. */
export interface ClientContext {
  readonly name: string;
  readonly namespace: string;
  readonly compressed: boolean;
  /** Here as well, so that the client's own flags change one part of it and keep the rest. */
  readonly actsAs?: ActsAs | undefined;
}

/** A kubeconfig with one context, whose server is the proxy. It is JSON, which is YAML too. */
export function kubeconfigText({ url, certificate, token }: ProxyAccess, context: ClientContext): string {
  const { name, namespace, compressed, actsAs } = context;
  const cluster = {
    server: url,
    'certificate-authority-data': Buffer.from(certificate).toString('base64'),
    ...(!compressed && { 'disable-compression': true }),
  };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster }],
    contexts: [{ name, context: { cluster: name, user: name, namespace } }],
    users: [{ name, user: { token, ...actingUser(actsAs) } }],
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

const actingUser = (actsAs: ActsAs | undefined): object => ({
  as: actsAs?.as,
  'as-uid': actsAs?.asUID,
  'as-groups': actsAs?.asGroups,
  'as-user-extra': actsAs?.asUserExtra,
});
