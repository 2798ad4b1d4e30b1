import { programName } from '../../format/program-name.ts';
import type { Observed, PermissionName } from '../observed.ts';
import { ok, unknown, type CheckResult } from '../result.ts';

interface Rule {
  /** As RBAC has it. */
  readonly rule: string;
  /** The part that the checks see with it. */
  readonly shows: string;
  /** The command by which an administrator sees, or gives, the same. */
  readonly run: string;
}

/** Everything that the checks read, by the names of permissions. */
export const RULES: Readonly<Record<PermissionName, Rule>> = {
  metrics: {
    rule: 'get /metrics',
    shows: 'the times of each stage, also without spans',
    get run() {
      return `${programName()} setup metrics-reader`;
    },
  },
  flagz: {
    rule: 'get /flagz',
    shows: 'whether the API server traces, since 1.36',
    run: 'kubectl get --raw /flagz',
  },
  pods: {
    rule: 'list pods in kube-system',
    shows: 'the flags of kube-apiserver and etcd',
    run: 'kubectl get pods -n kube-system -l tier=control-plane -o yaml',
  },
  podLogs: {
    rule: 'get pods/log in kube-system',
    shows: 'why spans are not exported',
    run: "kubectl logs -n kube-system -l component=kube-apiserver --tail=-1 | grep 'traces export'",
  },
  leases: {
    rule: 'list leases in kube-system',
    shows: 'the API servers',
    run: 'kubectl get leases -n kube-system -l apiserver.kubernetes.io/identity=kube-apiserver',
  },
  nodes: { rule: 'list nodes', shows: 'the versions of kubelets', run: 'kubectl get nodes' },
  nodeConfiguration: {
    rule: 'get nodes/proxy',
    shows: 'whether kubelets trace',
    run: 'kubectl get --raw /api/v1/nodes/NODE/proxy/configz',
  },
  services: {
    rule: 'list services',
    shows: 'a trace backend in the cluster',
    run: 'kubectl get services -A',
  },
  serviceProxy: {
    rule: 'get services/proxy',
    shows: 'the traces of a backend in the cluster',
    run: 'kubectl auth can-i get services/proxy -n observability',
  },
};

/** May this user read what the other checks look at? */
export function checkPermissions({ permissions }: Observed): CheckResult {
  const looked = permissions.map(({ name, allowed }) => {
    const words = allowed === null ? 'not known' : allowed ? 'yes' : 'no';
    return `${RULES[name].rule}: ${words}; shows ${RULES[name].shows}`;
  });
  const missing = permissions.filter(({ allowed }) => allowed === false).map(({ name }) => RULES[name]);
  if (permissions.every(({ allowed }) => allowed === null)) {
    return unknown('permissions', 'the server does not say what you may read', { looked });
  }
  if (missing.length === 0) return ok('permissions', 'you may read everything that the checks look at', { looked });
  return unknown('permissions', `you may not ${missing.map(({ rule }) => rule).join(', ')}`, {
    looked,
    fix: ['an administrator sees it with:', ...missing.map(({ run }) => `  ${run}`)],
  });
}
