import { createHash } from 'node:crypto';
import type { Identity } from '../../kube/api/identity.ts';
import type { PolicyRule } from './cluster-objects.ts';

/** The name of the tracer in the cluster and in its audit log. */
export const tracerName = (identity: Identity): string => `kubectl-trace:${identity.username}`;

/** The name of its ClusterRole. Names of users may have characters that names of objects cannot have. */
export const grantName = ({ username }: Identity): string =>
  `kubectl-trace-tracer-${createHash('sha256').update(username).digest('hex').slice(0, 10)}`;

/** Set by the server for the credential that was used; it is not claimed for another (KEP-4193). */
const CREDENTIAL_ID = 'authentication.kubernetes.io/credential-id';

/** Verbs of requests for objects, and for other paths (k8s.io/apiserver pkg/endpoints/request/requestinfo.go). */
const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];
const PATH_VERBS = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'];

/**
 * The right to act as one user with that user's own groups, and as no other. Both forms name the user: `impersonate`, and
 * since 1.36 the constrained verbs, which also list the requests that may be sent
 * (k8s.io/apiserver pkg/endpoints/filters/impersonation/mode.go).
 */
export function grantRules(identity: Identity, form: 'constrained' | 'impersonate'): readonly PolicyRule[] {
  const [verb, group] =
    form === 'constrained' ? ['impersonate:user-info', 'authentication.k8s.io'] : ['impersonate', ''];
  const on = (verbs: readonly string[]): string[] => verbs.map((each) => `impersonate-on:user-info:${each}`);
  return [
    { apiGroups: [group], resources: ['users'], resourceNames: [identity.username], verbs: [verb] },
    ...(identity.groups.length === 0
      ? []
      : [{ apiGroups: [group], resources: ['groups'], resourceNames: identity.groups, verbs: [verb] }]),
    ...(identity.uid === null
      ? []
      : [{ apiGroups: ['authentication.k8s.io'], resources: ['uids'], resourceNames: [identity.uid], verbs: [verb] }]),
    ...Object.entries(identity.extra)
      .filter(([key]) => key !== CREDENTIAL_ID)
      .map(([key, values]) => ({
        apiGroups: ['authentication.k8s.io'],
        resources: [`userextras/${key}`],
        resourceNames: values,
        verbs: [verb],
      })),
    ...(form === 'impersonate'
      ? []
      : [
          { apiGroups: ['*'], resources: ['*'], verbs: on(VERBS) },
          { nonResourceURLs: ['*'], verbs: on(PATH_VERBS) },
        ]),
  ];
}

/** Users that constrained impersonation treats otherwise, and that have no kubeconfig of a person. */
export const isMachine = ({ username }: Identity): boolean => /^system:(?:serviceaccount|node):/.test(username);
