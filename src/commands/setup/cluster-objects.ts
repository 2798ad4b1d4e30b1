import { BACKEND_NAMESPACE } from './facts.ts';
import { applyRequest, deleteRequest, type WrittenTarget } from '../../kube/api/write-request.ts';
import type { ResourceType } from '../../kube/api/resource-type.ts';
import type { SetupCluster } from './setup-cluster.ts';

const RBAC = 'rbac.authorization.k8s.io';

/** Labels of everything that `setup` makes. */
export const LABELS = { 'app.kubernetes.io/managed-by': 'kubectl-trace' } as const;

/** A rule of a ClusterRole. */
export interface PolicyRule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly verbs: readonly string[];
}

/** A user or a group, as RBAC names it. */
export interface Subject {
  readonly kind: 'User' | 'Group';
  readonly name: string;
}

/** A ClusterRole and its binding, under one name. */
export const clusterRole = (
  name: string,
  rules: readonly PolicyRule[],
  subject: Subject,
): readonly Record<string, unknown>[] => [
  { apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata: { name, labels: LABELS }, rules },
  {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name, labels: LABELS },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
    subjects: [{ apiGroup: RBAC, ...subject }],
  },
];

const type = (resource: string, kind: string): ResourceType => ({
  group: RBAC,
  version: 'v1',
  resource,
  kind,
  singular: '',
  namespaced: false,
  shortNames: [],
  categories: [],
  verbs: [],
});

const TYPES = [type('clusterroles', 'ClusterRole'), type('clusterrolebindings', 'ClusterRoleBinding')];

/** Applies ClusterRoles and bindings on the server's side. Rejects where one fails. */
export async function applyObjects(objects: readonly Record<string, unknown>[], cluster: SetupCluster): Promise<void> {
  for (const object of objects) {
    const options = { dryRun: false, fieldManager: 'kubectl-trace', forceConflicts: true };
    cluster.objectOf(await cluster.write(applyRequest(targetOf(object), options)));
  }
}

/** Removes a ClusterRole and its binding. Resolves with the kinds that were there. */
export async function removeRole(name: string, cluster: SetupCluster): Promise<readonly string[]> {
  const removed: string[] = [];
  // The binding first: a role that is bound to no user grants nothing.
  for (const each of TYPES.toReversed()) {
    const target = { type: each, namespace: null, name };
    const exchange = await cluster.write(deleteRequest(target, { dryRun: false, cascade: 'background' }));
    if (exchange.status === 404) continue;
    cluster.objectOf(exchange);
    removed.push(each.kind);
  }
  return removed;
}

function targetOf(object: Record<string, unknown>): WrittenTarget {
  const { name } = object['metadata'] as { readonly name: string };
  return { type: TYPES.find(({ kind }) => kind === object['kind'])!, namespace: null, name, object };
}

/** The namespace of a backend, with the level of Pod Security Admission that its pods meet. */
export const backendNamespace = (level: 'restricted' | 'privileged'): object => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {
    name: BACKEND_NAMESPACE,
    labels: { ...LABELS, 'pod-security.kubernetes.io/enforce': level },
  },
});
