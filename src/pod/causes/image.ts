import { shell } from '../../format/shell-command.ts';
import { epochNanos } from '../../trace/time.ts';
import type { Container, ContainerState } from '../containers.ts';
import { explain, type Explanation } from '../errors/known-error.ts';
import { PULL_ERRORS } from '../errors/pull-errors.ts';
import type { APIEvent } from '../events.ts';
import type { PodSnapshot } from '../pod-snapshot.ts';
import type { Instant } from '../fields.ts';
import { podSyncs } from '../kubelet-spans.ts';
import type { Sign } from '../signs/sign.ts';
import type { Cause, Evidence } from '../verdict.ts';
import { describe, eventEvidence, inNamespace, shortened, stateEvidence } from './evidence.ts';
import { contextOf } from './node-step.ts';
import { imageStep } from './template-step.ts';

/** A container whose image cannot be had. */
export function imageCause(
  container: Container,
  state: Extract<ContainerState, { kind: 'waiting' }>,
  sign: Sign,
  since: Instant,
  snapshot: PodSnapshot,
): Cause {
  const failures = snapshot.events.filter(
    ({ reason, message, container: name }) =>
      name === container.name &&
      (reason === 'Failed' || reason === 'InspectFailed') &&
      message.includes(container.image),
  );
  const secrets = snapshot.events.filter(({ reason }) => reason === 'FailedToRetrieveImagePullSecret');
  const said = textOf(state, failures.at(-1)?.message);
  const known =
    explanationOf(sign, state, container, said, snapshot) ?? explain(PULL_ERRORS, said, contextOf(snapshot, container));
  return {
    reason: sign.reason,
    stage: 'ImagePull',
    proven: true,
    final: false,
    since,
    message: shortened(known?.message ?? reasonIn(said)),
    waitingFor: known?.waitingFor ?? { kind: 'image', name: container.image },
    owner: known?.owner ?? 'author',
    who: known?.who ?? "the manifest's author (image), or the registry",
    evidence: [
      ...pullSpans(snapshot),
      ...eventEvidence(failures),
      ...(sign.reason === 'ImageAuth' ? eventEvidence(secrets) : []),
      stateEvidence(container, state),
    ],
    next: [
      ...(known?.next ?? []),
      // Another name does not help where the image is known to be right.
      ...(known === undefined || known.nameInDoubt ? [imageStep(container, snapshot)] : []),
      ...(known?.next.length === 0 && !known.nameInDoubt ? [describe(snapshot)] : []),
    ],
    ...(sign.reason !== 'InvalidImageName' && retryOf(failures, snapshot)),
  };
}

/** While it backs off, older kubelets say why only in the event. */
function textOf({ reason, message = '' }: Extract<ContainerState, { kind: 'waiting' }>, event = ''): string {
  const bare = reason === 'ImagePullBackOff' && !/ErrImagePull|:\s.*:/.test(message);
  return bare && event !== '' ? event : message === '' ? event : message;
}

/** Where the sign itself says more than the text. */
function explanationOf(
  sign: Sign,
  state: Extract<ContainerState, { kind: 'waiting' }>,
  { image }: Container,
  said: string,
  snapshot: PodSnapshot,
): Explanation | undefined {
  const base = { owner: 'author', waitingFor: undefined, next: [] } as const;
  if (sign.reason === 'InvalidImageName') {
    return {
      ...base,
      message: `${JSON.stringify(image)} is not the name of an image (invalid reference format)`,
      who: "the manifest's author",
      nameInDoubt: true,
    };
  }
  if (sign.reason === 'ImageAuth') {
    const [why = 'no authorization'] =
      /401 Unauthorized|403 Forbidden|pull access denied|insufficient_scope|no basic auth credentials|(?:invalid|incorrect) username[ /]\w+ ?\w*|authorization token has expired|requested access to the resource is denied/i.exec(
        said,
      ) ?? [];
    const doubt = /does not exist or may require/.test(said)
      ? `the registry has no repository of that name, or requires other credentials for ${image}`
      : `the registry requires other credentials for ${image}`;
    return {
      ...base,
      message: `${doubt} (${why})${unreadSecrets(snapshot)}`,
      who: "the owner of an imagePullSecret that the registry accepts, or the node's credential provider",
      next: [
        ...(unreadSecrets(snapshot) === ''
          ? []
          : [{ command: shell`kubectl get secrets${inNamespace(snapshot)}`, when: 'which of them exist?' }]),
        {
          command: shell`kubectl create secret docker-registry NAME --docker-server=HOST --docker-username=USER --docker-password=PASSWORD${inNamespace(snapshot)}`,
          when: 'and name it in imagePullSecrets',
        },
      ],
      // Docker Hub says the same of a repository that does not exist.
      nameInDoubt: true,
    };
  }
  if (state.reason === 'ErrImageNeverPull') {
    return {
      ...base,
      message: `${image} is not on the node, and imagePullPolicy is Never`,
      who: "the node's administrator (who loads images there), or the manifest's author (imagePullPolicy: Never)",
      nameInDoubt: true,
    };
  }
  return undefined;
}

/** Secrets that the pod names and that the kubelet could not read (pkg/kubelet/kubelet_pods.go, getPullSecretsForPod). */
function unreadSecrets({ events }: PodSnapshot): string {
  const said = events.findLast(({ reason }) => reason === 'FailedToRetrieveImagePullSecret')?.message ?? '';
  const names = /image pull secrets \(([^)]+)\)/.exec(said)?.[1];
  return names === undefined ? '' : `; the kubelet could not read the imagePullSecret ${names}: it may not exist`;
}

/** The message without the parts that only repeat that a pull has failed. */
const reasonIn = (said: string): string =>
  said
    .replace(/^.*?ErrImagePull: /s, '')
    .replace(/^(?:rpc error: code = \w+ desc = )?(?:failed to pull and unpack image "[^"]*": )?/, '');

/** Spans that say themselves why a pull has failed. */
function pullSpans({ spans }: PodSnapshot): Evidence[] {
  const failed = spans.filter(
    ({ name, status }) => status.code === 'error' && name.startsWith('remotes.docker.resolver.'),
  );
  failed.sort((one, other) => Number(one.start - other.start));
  const last = failed.at(-1);
  if (last === undefined) return [];
  const url = last.attributes['http.url'] ?? last.attributes['url.full'];
  const text = [`${last.name} ✗`, typeof url === 'string' ? url : '', last.status.message ?? ''].filter(
    (word) => word !== '',
  );
  return [
    { kind: 'span', text: shortened(text.join(' ')), count: failed.length, first: failed[0]!.start, last: last.end },
  ];
}

const FIRST_BACK_OFF = 10;
/**
 * Maximum back-off for image pulls and for restarts (k8s.io/kubernetes pkg/kubelet/kubelet.go, MaxImageBackOff,
 * MaxCrashLoopBackOff).
 */
const MAX_BACK_OFF = 300;

/**
 * When it is tried again at the earliest: 10 s after the first time, then twice as long each time. The kubelet's recorder
 * stops counting after a burst (k8s.io/client-go tools/record/events_cache.go, EventSourceObjectSpamFilter), while its
 * spans go on: the newest of both counts.
 */
function retryOf(failures: readonly APIEvent[], { pod, spans }: PodSnapshot): Pick<Cause, 'retryAt'> {
  const pulls = podSyncs(spans, pod.uid)
    .flatMap(({ calls }) => calls)
    .filter(({ method, failed }) => method === 'PullImage' && failed);
  const reported = failures.reduce((sum, { count }) => sum + count, 0);
  const ends = [...failures.map(({ last }) => last.at), ...pulls.map(({ span }) => span.end)];
  const [first, ...others] = ends;
  if (first === undefined) return {};
  const last = others.reduce((one, other) => (other > one ? other : one), first);
  const tries = Math.max(1, reported, pulls.length);
  const seconds = Math.min(MAX_BACK_OFF, FIRST_BACK_OFF * 2 ** (Math.min(tries, 10) - 1));
  return { retryAt: epochNanos(last + BigInt(seconds) * 1_000_000_000n) };
}
