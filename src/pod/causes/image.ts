import { epochNanos } from '../../trace/time.ts';
import type { PodFacts } from '../facts.ts';
import type { Instant } from '../fields.ts';
import type { Container, ContainerState } from '../containers.ts';
import type { Sign } from '../reason.ts';
import type { Cause, Evidence, NextStep, Party } from '../verdict.ts';
import { eventEvidence, inNamespace, shortened, stateEvidence } from './evidence.ts';

interface Reading {
  readonly pattern: RegExp;
  readonly message: (match: readonly string[], image: string) => string;
  readonly owner: Party;
  readonly who: (match: readonly string[], node: string) => string;
  readonly next?: (match: readonly string[], node: string) => NextStep;
}

/** What runtimes say of a pull that failed (containerd core/remotes/docker, Go's net and crypto/x509), and what it means. */
const READINGS: readonly Reading[] = [
  {
    pattern: /lookup (\S+)(?: on (\S+?)(?::\d+)?)?: (?:no such host|server misbehaving|Temporary failure)/,
    message: ([, host = '', server = '']) =>
      `the name ${host} does not resolve (no such host${server === '' ? '' : `, DNS server ${server}`})`,
    owner: 'author',
    who: (_, node) => `the image name, or the DNS of node ${node}`,
    next: ([, host = '', server = ''], node) => ({
      command: `nslookup ${host}${server === '' ? '' : ` ${server}`}`,
      when: `on node ${node}`,
    }),
  },
  {
    pattern: /x509: (.*)$/,
    message: ([, why = '']) => `the registry's certificate is not trusted: ${why}`,
    owner: 'cluster-admin',
    who: (_, node) => `whoever sets up the runtime of node ${node}, or the registry`,
  },
  {
    pattern: /429 Too Many Requests|toomanyrequests/i,
    message: () => 'the registry answers 429: too many pulls',
    owner: 'registry',
    who: () => "the registry's limit for this address or account",
  },
  {
    pattern: /connection refused|i\/o timeout|no route to host|network is unreachable|context deadline exceeded|EOF$/,
    message: ([what = '']) => `the registry cannot be reached (${what})`,
    owner: 'registry',
    who: (_, node) => `the registry, or the network of node ${node}`,
  },
  {
    pattern: /: not found$|manifest unknown|not found: manifest|name unknown|NotFound/,
    message: (_, image) => `the registry has no ${image}`,
    owner: 'author',
    who: () => 'whoever chose the image, or who is to push it',
  },
];

const OTHERWISE: Omit<Reading, 'pattern' | 'message'> = {
  owner: 'author',
  who: () => 'whoever chose the image, or the registry',
};

/** A container whose image cannot be had. */
export function imageCause(
  container: Container,
  state: Extract<ContainerState, { kind: 'waiting' }>,
  sign: Sign,
  since: Instant,
  facts: PodFacts,
): Cause {
  const failures = facts.events.filter(
    ({ reason, message, container: name }) =>
      name === container.name &&
      (reason === 'Failed' || reason === 'InspectFailed') &&
      message.includes(container.image),
  );
  // While it backs off, only the event may still say why.
  const said =
    (state.reason === 'ImagePullBackOff' && !/ErrImagePull|:\s.*:/.test(state.message ?? '')
      ? failures.at(-1)?.message
      : undefined) ??
    state.message ??
    '';
  const reading = READINGS.find(({ pattern }) => pattern.test(said));
  const match = reading?.pattern.exec(said) ?? [];
  const { owner, who, next } = reading ?? OTHERWISE;
  const node = facts.pod.node ?? '?';
  const told = toldOf(sign, state, container, said);
  const tries = failures.reduce((sum, { count }) => sum + count, 0);
  const lastTry = failures.at(-1)?.last.at;
  return {
    reason: sign.reason,
    stage: 'ImagePull',
    proven: true,
    final: false,
    since,
    message: told?.message ?? reading?.message(match, container.image) ?? shortened(reasonIn(said)),
    waitingFor: told?.waitingFor ?? { kind: 'image', name: container.image },
    owner: told?.owner ?? owner,
    who: told?.who ?? who(match, node),
    evidence: [...pullSpans(facts), ...eventEvidence(failures), stateEvidence(container, state)],
    next: [
      ...(told?.next ?? []),
      ...(told === undefined && next !== undefined ? [next(match, node)] : []),
      setImage(container, facts),
    ],
    ...(lastTry !== undefined && sign.reason !== 'InvalidImageName' && { retryAt: backedOff(lastTry, tries) }),
  };
}

/** Where the sign itself says more than the text. */
function toldOf(
  sign: Sign,
  state: ContainerState,
  { image }: Container,
  said: string,
): (Pick<Cause, 'message' | 'owner' | 'who'> & Partial<Pick<Cause, 'waitingFor' | 'next'>>) | undefined {
  if (sign.reason === 'InvalidImageName') {
    return {
      message: `${JSON.stringify(image)} is not the name of an image`,
      owner: 'author',
      who: 'whoever wrote the manifest',
    };
  }
  if (sign.reason === 'ImageAuth') {
    const [why = 'no authorization'] =
      /401 Unauthorized|403 Forbidden|pull access denied|insufficient_scope|no basic auth credentials/i.exec(said) ??
      [];
    return {
      message: `the registry wants other credentials for ${image} (${why})`,
      owner: 'author',
      who: 'whoever can give the pod an imagePullSecret that the registry accepts',
      next: [
        {
          command:
            'kubectl create secret docker-registry NAME --docker-server=HOST --docker-username=USER --docker-password=PASSWORD',
          when: 'and name it in imagePullSecrets',
        },
      ],
    };
  }
  if (state.kind === 'waiting' && state.reason === 'ErrImageNeverPull') {
    return {
      message: `${image} is not on the node, and imagePullPolicy is Never`,
      owner: 'author',
      who: 'whoever puts images on the node, or wrote imagePullPolicy: Never',
    };
  }
  return undefined;
}

/** What is left of the message without what only repeats that a pull has failed. */
const reasonIn = (said: string): string =>
  said
    .replace(/^.*?ErrImagePull: /s, '')
    .replace(/^(?:rpc error: code = \w+ desc = )?(?:failed to pull and unpack image "[^"]*": )?/, '');

const setImage = ({ name }: Container, facts: PodFacts): NextStep => {
  const owner = facts.owners.at(-1);
  const target = owner === undefined ? `pod/${facts.pod.name}` : `${owner.kind.toLowerCase()}/${owner.name}`;
  return { command: `kubectl set image ${target} ${name}=IMAGE${inNamespace(facts)}`, when: 'if the name is wrong' };
};

/** Spans that say themselves why a pull has failed. */
function pullSpans({ spans }: PodFacts): Evidence[] {
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
/** Of image pulls and of restarts (k8s.io/kubernetes pkg/kubelet/kubelet.go, MaxImageBackOff, MaxCrashLoopBackOff). */
const LONGEST_BACK_OFF = 300;

/** When it is tried again at the earliest: 10 s after the first time, then twice as long each time. */
function backedOff(last: bigint, tries: number): Cause['retryAt'] & bigint {
  const seconds = Math.min(LONGEST_BACK_OFF, FIRST_BACK_OFF * 2 ** Math.max(0, Math.min(tries, 10) - 1));
  return epochNanos(last + BigInt(seconds) * 1_000_000_000n);
}
