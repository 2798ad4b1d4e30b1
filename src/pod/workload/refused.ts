import { counted } from '../../format/counted.ts';
import { noPart, shell, shellPart, type ShellPart } from '../../format/shell-command.ts';
import { eventEvidence, shortened } from '../causes/evidence.ts';
import type { APIEvent } from '../events.ts';
import type { Instant } from '../fields.ts';
import { signOf } from '../signs/sign-of.ts';
import type { Cause } from '../verdict.ts';
import { quotaWords } from './quota.ts';
import { trueCondition, type WorkloadObject } from './object.ts';

/** When the newest pod of the workload was created; what was refused before that is settled. */
export interface Refusals {
  readonly workload: WorkloadObject;
  /** About the workload and about what makes its pods, by time. */
  readonly events: readonly APIEvent[];
  readonly newestPod: Instant | undefined;
  /** Pods that the workload wants, and those of them that do not exist. */
  readonly wanted: number;
  readonly missing: number;
}

/** Refusals of a pod, and of a Deployment's ReplicaSet (pkg/controller/deployment/util/deployment_util.go). */
const REFUSED: ReadonlySet<string> = new Set(['FailedCreate', 'ReplicaSetCreateError']);

/**
 * A pod that the API server refuses to create. The controller says so in an event, and a Deployment or ReplicaSet in the
 * condition ReplicaFailure too, which it removes when it succeeds (pkg/controller/replicaset/replica_set_utils.go).
 */
export function refusedCause({ workload, events, newestPod, wanted, missing }: Refusals): Cause | undefined {
  const failures = events.filter(
    ({ reason, last }) =>
      REFUSED.has(reason) && (newestPod === undefined || last.at + BigInt(last.uncertainty) > newestPod.at),
  );
  const progress = workload.conditions.get('Progressing');
  const condition =
    trueCondition(workload, 'ReplicaFailure') ?? (REFUSED.has(progress?.reason ?? '') ? progress : undefined);
  const said = failures.at(-1)?.message ?? condition?.message;
  const sign = signOf('owner event', 'FailedCreate', said);
  if (said === undefined || sign === undefined) return undefined;
  const message = said
    .replace(/^(?:Error creating(?: job)?|Failed to create new replica set "[^"]*"): /, '')
    .replace(/^create .+? in StatefulSet \S+ failed error: /, '');
  const { namespace } = workload;
  const where = namespace === 'default' ? noPart : shellPart` -n ${namespace}`;
  const base = {
    reason: sign.reason,
    stage: sign.stage,
    proven: isLasting(message),
    final: false,
    since: failures[0]?.first ?? condition?.changed ?? workload.createdAt,
    message: shortened(message),
    evidence:
      failures.length > 0 || condition === undefined
        ? eventEvidence(failures)
        : [
            {
              kind: 'condition' as const,
              text: shortened(`${condition.type}=${condition.status} ${condition.reason ?? ''} ${message}`),
            },
          ],
  } as const;
  if (sign.reason === 'QuotaExceeded') {
    const quota = /exceeded quota: ([^,\s]+)/.exec(message)?.[1] ?? '';
    const far = `${missing} of ${counted(wanted, 'pod')} ${missing === 1 ? 'is' : 'are'} refused`;
    return {
      ...base,
      message: shortened(workload.kind === 'CronJob' ? quotaWords(message) : `${quotaWords(message)}; ${far}`),
      waitingFor: { kind: 'resourcequota', name: quota },
      owner: 'cluster-admin',
      who: `the administrator of quota ${quota}, or the owners of what uses it in namespace ${namespace}`,
      next: [{ command: shell`kubectl describe quota ${quota}${where}`, when: 'to see what is used' }],
    };
  }
  if (sign.reason === 'MissingServiceAccount') {
    const name = /service account [^/\s]+\/([^\s:]+)/.exec(message)?.[1] ?? '';
    return {
      ...base,
      message: `there is no ServiceAccount ${name}`,
      waitingFor: { kind: 'serviceaccount', name },
      owner: 'author',
      who: `the author of ServiceAccount ${name}, or the manifest's author (wrong name)`,
      next: [{ command: shell`kubectl create serviceaccount ${name}${where}`, when: 'to create it manually' }],
    };
  }
  return { ...base, ...deniedBy(message, workload, where) };
}

/**
 * A rule refuses it again. Other errors pass: the pod before it is still being deleted, or a new namespace has no default
 * ServiceAccount yet.
 */
const isLasting = (message: string): boolean =>
  /forbidden|denied|webhook|is invalid/i.test(message) &&
  !/service account [^/\s]+\/default\b|already exists/.test(message);

function deniedBy(
  message: string,
  { kind, name }: WorkloadObject,
  where: ShellPart,
): Pick<Cause, 'waitingFor' | 'owner' | 'who' | 'next'> {
  const [, quota, missing] = /failed quota: ([^\s:]+): must specify ([^\n]*)/.exec(message) ?? [];
  if (quota !== undefined) {
    return {
      waitingFor: { kind: 'resourcequota', name: quota },
      owner: 'author',
      who: `the manifest's author: with quota ${quota} every container has to specify ${missing}; a LimitRange can set defaults`,
      next: [{ command: shell`kubectl describe quota ${quota}${where}`, when: 'to see what it limits' }],
    };
  }
  const webhook = /webhook "([^"]+)"/.exec(message)?.[1];
  const policy = /ValidatingAdmissionPolicy '([^']+)'/.exec(message)?.[1];
  const describe = { command: shell`kubectl describe ${kind.toLowerCase()} ${name}${where}`, when: 'for its events' };
  if (webhook === undefined) {
    return {
      waitingFor: { kind: 'admission', name: policy ?? name },
      owner: 'author',
      who: "the manifest's author, or the author of the rule that refuses it",
      next: [describe],
    };
  }
  const rules = shell`kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations`;
  return {
    waitingFor: { kind: 'webhook', name: webhook },
    owner: 'webhook',
    who: `the administrator of webhook ${webhook}, or the manifest's author`,
    next: [describe, { command: rules, when: 'to see its rules' }],
  };
}
