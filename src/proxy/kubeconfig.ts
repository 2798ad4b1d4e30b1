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
  /** Names of the cluster and the user: a client's own flags may name them. */
  readonly cluster: string;
  readonly user: string;
  readonly namespace: string;
  readonly compressed: boolean;
  /** Here as well, so that the client's own flags change one part of it and keep the rest. */
  readonly actsAs?: ActsAs | undefined;
}

/** Line breaks of YAML that JSON does not know as such, which a reader of YAML folds, and characters that YAML forbids (YAML 1.1 §5). */
const NOT_IN_YAML = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** A kubeconfig with one context, whose server is the proxy. It is JSON, which is YAML too. */
export function kubeconfigText({ url, certificate, token }: ProxyAccess, context: ClientContext): string {
  const { name, namespace, compressed, actsAs } = context;
  const names = { cluster: context.cluster, user: context.user };
  const cluster = {
    server: url,
    'certificate-authority-data': Buffer.from(certificate).toString('base64'),
    ...(!compressed && { 'disable-compression': true }),
  };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name: names.cluster, cluster }],
    contexts: [{ name, context: { ...names, namespace } }],
    users: [{ name: names.user, user: { token, ...actingUser(actsAs) } }],
  };
  const text = JSON.stringify(config, null, 2);
  return `${text.replace(NOT_IN_YAML, (item) => `\\u${item.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}

const actingUser = (actsAs: ActsAs | undefined): object => ({
  as: actsAs?.as,
  'as-uid': actsAs?.asUID,
  'as-groups': actsAs?.asGroups,
  'as-user-extra': actsAs?.asUserExtra,
});
