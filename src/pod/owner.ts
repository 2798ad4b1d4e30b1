import type { EpochNanos, Nanos } from '../trace/time.ts';
import { eventEvidence, shortened } from './causes/evidence.ts';
import type { APIEvent } from './events.ts';
import type { OwnerObject } from './facts.ts';
import { instantOf, numberOf, objectOf, textOf } from './fields.ts';
import { conditionsOf, type Condition } from './objects.ts';
import { signOf } from './reason.ts';
import { verdictOf, type Cause, type Verdict } from './verdict.ts';

/** An object that makes pods, and has made none that is there. */
export interface OwnerFacts {
  readonly now: EpochNanos;
  readonly untilStuck: Nanos;
  readonly owner: OwnerObject;
  readonly namespace: string;
  /** How many pods it is to have; null where it does not say. */
  readonly wanted: number | null;
  readonly conditions: ReadonlyMap<string, Condition>;
  /** About it and about the ReplicaSets that it made, by time. */
  readonly events: readonly APIEvent[];
}

/** Undefined for what is no object. */
export function ownerOf(value: unknown): (OwnerObject & Pick<OwnerFacts, 'wanted' | 'conditions'>) | undefined {
  const object = objectOf(value);
  const metadata = objectOf(object['metadata']);
  const spec = objectOf(object['spec']);
  const status = objectOf(object['status']);
  const createdAt = instantOf(metadata['creationTimestamp']);
  const uid = textOf(metadata['uid']);
  if (createdAt === undefined || uid === undefined) return undefined;
  const wanted = spec['replicas'] ?? status['desiredNumberScheduled'] ?? spec['parallelism'];
  return {
    kind: textOf(object['kind']) ?? '',
    name: textOf(metadata['name']) ?? '',
    uid,
    createdAt,
    wanted: numberOf(wanted) ?? null,
    conditions: conditionsOf(status),
  };
}

/** Why there is no pod: admission refuses it, the controller has not come to it, or none is wanted. */
export function judgeOwner(facts: OwnerFacts): Verdict {
  const { owner, now, untilStuck, wanted } = facts;
  if (wanted === 0) {
    return { state: 'succeeded', stage: 'Controller', reason: null, since: owner.createdAt, cause: null, notes: [] };
  }
  return verdictOf(refused(facts) ?? notMade(facts), now, untilStuck);
}

function refused({ owner, events, conditions, namespace }: OwnerFacts): Cause | undefined {
  const failures = events.filter(({ reason }) => reason === 'FailedCreate');
  const condition = conditions.get('ReplicaFailure');
  const message = failures.at(-1)?.message ?? (condition?.status === 'True' ? condition.message : undefined);
  const sign = signOf('owner event', 'FailedCreate', message);
  if (message === undefined || sign === undefined) return undefined;
  const where = namespace === 'default' ? '' : ` -n ${namespace}`;
  const said = shortened(message.replace(/^Error creating: /, ''));
  const base = {
    reason: sign.reason,
    stage: sign.stage,
    proven: true,
    final: false,
    since: failures[0]?.first ?? condition?.changed ?? owner.createdAt,
    message: said,
    evidence: eventEvidence(failures),
  } as const;
  if (sign.reason === 'QuotaExceeded') {
    const quota = /exceeded quota: ([^,\s]+)/.exec(message)?.[1] ?? '';
    return {
      ...base,
      waitingFor: { kind: 'resourcequota', name: quota },
      owner: 'cluster-admin',
      who: `whoever set quota ${quota} of namespace ${namespace}, or uses it up`,
      next: [{ command: `kubectl describe quota ${quota}${where}`, when: 'to see what is used' }],
    };
  }
  if (sign.reason === 'MissingServiceAccount') {
    const name = /service account [^/\s]+\/([^\s:]+)/.exec(message)?.[1] ?? '';
    return {
      ...base,
      message: `there is no ServiceAccount ${name}`,
      waitingFor: { kind: 'serviceaccount', name },
      owner: 'author',
      who: `whoever is to create ServiceAccount ${name}, or wrote its name`,
      next: [{ command: `kubectl create serviceaccount ${name}${where}`, when: 'if it is to be made by hand' }],
    };
  }
  const webhook = /webhook "([^"]+)"/.exec(message)?.[1];
  const policy = /ValidatingAdmissionPolicy '([^']+)'/.exec(message)?.[1];
  return {
    ...base,
    waitingFor:
      webhook !== undefined ? { kind: 'webhook', name: webhook } : { kind: 'admission', name: policy ?? owner.name },
    owner: webhook === undefined ? 'author' : 'webhook',
    who:
      webhook === undefined
        ? 'whoever wrote the manifest, or the rule that refuses it'
        : `whoever runs webhook ${webhook}, or wrote what it refuses`,
    next: [
      { command: `kubectl describe ${owner.kind.toLowerCase()} ${owner.name}${where}`, when: 'for its events' },
      ...(webhook === undefined
        ? []
        : [
            {
              command: 'kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations',
              when: 'to see its rules',
            },
          ]),
    ],
  };
}

function notMade({ owner, namespace }: OwnerFacts): Cause {
  const what = `${owner.kind.toLowerCase()} ${owner.name}`;
  return {
    reason: 'Unknown',
    stage: 'Controller',
    proven: false,
    final: false,
    since: owner.createdAt,
    message: `${what} has made no pod, and nobody says why`,
    waitingFor: { kind: 'controller', name: owner.kind },
    owner: 'cluster-admin',
    who: 'whoever runs kube-controller-manager',
    evidence: [],
    next: [
      {
        command: `kubectl describe ${what}${namespace === 'default' ? '' : ` -n ${namespace}`}`,
        when: 'for its events',
      },
    ],
  };
}
