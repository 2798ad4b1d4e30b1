import type { PodFacts } from '../facts.ts';
import { shortError, type PodSync } from '../kubelet-spans.ts';
import type { Progress } from '../progress.ts';
import { signOf, type Reason } from '../reason.ts';
import type { Cause, Evidence, NextStep } from '../verdict.ts';
import { describe, eventEvidence, inNamespace, shortened } from './evidence.ts';

/** A pod on its node whose containers wait for volumes, sandbox or network: the events say for which, or the spans. */
export function beforeContainersCause(
  facts: PodFacts,
  progress: Progress,
  syncs: readonly PodSync[],
): Cause | undefined {
  const { scheduled, sandbox, created } = progress;
  if (facts.pod.node === undefined || sandbox !== undefined) return undefined;
  const since = (scheduled ?? created).at;
  // The newest counts: a volume that came late is told by older events still.
  const told = facts.events
    .flatMap((event) => ({ event, sign: signOf('event', event.reason, event.message) }))
    .filter(({ sign }) => sign?.stage === 'Volumes' || sign?.stage === 'Sandbox')
    .toSorted((one, other) => Number(other.event.last.at - one.event.last.at));
  const [newest] = told;
  if (newest?.sign !== undefined) {
    const { reason, stage } = newest.sign;
    const alike = told.filter(({ sign }) => sign?.reason === reason).map(({ event }) => event);
    return {
      ...explained(reason, newest.event.message, facts),
      stage,
      since,
      evidence: eventEvidence(alike.toReversed()),
    };
  }
  const failed = syncs.flatMap(({ calls }) => calls).filter((call) => call.method === 'RunPodSandbox' && call.failed);
  const last = failed.at(-1);
  if (last !== undefined) {
    const message = shortError(last);
    const evidence: Evidence[] = [
      {
        kind: 'span',
        text: shortened(`RunPodSandbox ✗ ${message}`),
        count: failed.length,
        first: failed[0]!.span.start,
        last: last.span.end,
      },
    ];
    const reason = signOf('event', 'FailedCreatePodSandBox', message)?.reason ?? 'Sandbox';
    return { ...explained(reason, message, facts), stage: 'Sandbox', since, evidence };
  }
  return undefined;
}

type Explained = Omit<Cause, 'stage' | 'since' | 'evidence'>;

function explained(reason: Reason, message: string, facts: PodFacts): Explained {
  const base = { reason, proven: true, final: false, message: shortened(inShort(message)) } as const;
  const node = facts.pod.node ?? '?';
  const volume = /for volume "([^"]+)"/.exec(message)?.[1] ?? '';
  switch (reason) {
    case 'MissingConfigMap':
    case 'MissingSecret':
      return { ...base, ...missingObject(reason, message, facts) };
    case 'VolumeAttach':
    case 'VolumeMount':
      return {
        ...base,
        waitingFor: { kind: 'volume', name: volume },
        owner: 'cluster-admin',
        who: 'whoever provides the volume, or its driver',
        next: [{ command: `kubectl get pvc,pv${inNamespace(facts)}`, when: 'to see what is bound' }, describe(facts)],
      };
    case 'Network':
      return {
        ...base,
        waitingFor: { kind: 'network', name: node },
        owner: 'cluster-admin',
        who: `the network plugin (CNI) of node ${node}`,
        next: [
          {
            command: `kubectl get pods -n kube-system -o wide --field-selector spec.nodeName=${node}`,
            when: 'is its network plugin running?',
          },
          { command: 'ls /etc/cni/net.d /opt/cni/bin', when: `on node ${node}` },
        ],
      };
    default:
      return {
        ...base,
        waitingFor: { kind: 'runtime', name: node },
        owner: 'cluster-admin',
        who: `the container runtime of node ${node}`,
        next: [{ command: 'journalctl -u containerd --since -10min', when: `on node ${node}` }, describe(facts)],
      };
  }
}

/** The kubelet's own frame around what really went wrong says nothing new. */
const inShort = (message: string): string =>
  message.replace(/^Failed to create pod sandbox: /, '').replace(/^rpc error: code = \w+ desc = /, '');

const KINDS = { MissingConfigMap: ['configmap', 'ConfigMap'], MissingSecret: ['secret', 'Secret'] } as const;

/** A ConfigMap or Secret, or a key of one, that the pod names and that is not there. */
export function missingObject(
  reason: keyof typeof KINDS,
  message: string,
  facts: PodFacts,
): Pick<Cause, 'message' | 'waitingFor' | 'owner' | 'who' | 'next'> {
  const [kind, title] = KINDS[reason];
  const whole = new RegExp(`${kind} "([^"]+)" not found`, 'i').exec(message)?.[1];
  const [, key, keyed] = new RegExp(`find key (\\S+) in ${title} (?:[^/\\s]+/)?(\\S+)`, 'i').exec(message) ?? [];
  const name = whole ?? keyed ?? /"([^"]+)"/.exec(message)?.[1] ?? '';
  const next: NextStep[] = [{ command: `kubectl get ${kind} ${name}${inNamespace(facts)}`, when: 'is it there now?' }];
  if (key === undefined) {
    const make = kind === 'secret' ? `kubectl create secret generic ${name}` : `kubectl create configmap ${name}`;
    next.push({
      command: `${make}${inNamespace(facts)} --from-literal=KEY=VALUE`,
      when: 'if it is to be made by hand',
    });
  }
  return {
    message: key === undefined ? `there is no ${title} ${name}` : `${title} ${name} has no key ${key}`,
    waitingFor: { kind, name },
    owner: 'author',
    who: `whoever is to create ${title} ${name}, or wrote its name`,
    next,
  };
}
