import { ExitCode } from '../../../errors.ts';
import type { LookupResult, LookupTask } from '../../lookup/task.ts';
import { programName } from '../../../format/program-name.ts';

/** The part of a cluster by which its provider is known. */
interface KnownCluster {
  /** The address of the API server. */
  readonly server: string;
  /** The name of the kubeconfig context, which the provider's tools have chosen. */
  readonly context: string | null;
}

const show = (): string => ` | ${programName()} show last --audit-log -`;
/** Names go into a shell: any other is left to the user. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/;

/**
 * The command that prints the audit event of a request, for the provider that the server's host name or the context
 * shows: `aws eks update-kubeconfig`, eksctl and `gcloud container clusters get-credentials` put the cluster's name into
 * the context. Undefined for other clusters.
 */
export function auditLogCommand({ server, context }: KnownCluster, auditID: string): string | undefined {
  if (!/^[0-9a-f-]{36}$/.test(auditID)) return undefined;
  const host = URL.canParse(server) ? new URL(server).hostname : '';
  const [, region] = /\.([a-z0-9-]+)\.eks\.amazonaws\.com(?:\.cn)?$/.exec(host) ?? [];
  if (region !== undefined) {
    const cluster =
      named(/^arn:[^:]*:eks:[^:]*:\d*:cluster\/(.+)$/, context) ?? named(/@([^@.]+)\.[^@.]+\.eksctl\.io$/, context);
    return `aws logs filter-log-events --region ${region} --log-group-name /aws/eks/${cluster ?? 'CLUSTER'}/cluster --filter-pattern '{ $.auditID = "${auditID}" }'${show()}`;
  }
  if (host.endsWith('.azmk8s.io')) {
    return `az monitor log-analytics query --workspace WORKSPACE --analytics-query 'AKSAudit | where AuditId == "${auditID}"'${show()}`;
  }
  const project = named(/^gke_([^_]+)_[^_]+_.+$/, context);
  if (project === undefined && !host.endsWith('.gke.goog')) return undefined;
  return `gcloud logging read 'operation.producer="k8s.io" AND operation.id="${auditID}"' --project ${project ?? 'PROJECT'} --format json${show()}`;
}

/** A result of a look-up that has found nothing, with that command. */
export function withAuditLogCommand(
  looked: LookupResult,
  { requests, isAwaited }: Pick<LookupTask, 'requests' | 'isAwaited'>,
  { server, contextName }: { readonly server: string; readonly contextName: string | null },
): LookupResult {
  const { error } = looked;
  const isMissing = error?.code === ExitCode.backendFailed || error?.code === ExitCode.traceNotFound;
  if (!isMissing) return looked;
  const auditID = requests.findLast((one) => one.status !== null && isAwaited(one))?.auditID ?? '';
  const command = auditLogCommand({ server, context: contextName }, auditID);
  if (command === undefined) return looked;
  const details = [...(error.details ?? []), `  the audit log has it, if it is on and logs such requests: ${command}`];
  return { ...looked, error: { ...error, details } };
}

function named(pattern: RegExp, context: string | null): string | undefined {
  const name = pattern.exec(context ?? '')?.[1];
  return name !== undefined && NAME.test(name) ? name : undefined;
}
