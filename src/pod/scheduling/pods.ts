import { inQuotes, noPart, shell, shellPart } from '../../format/shell-command.ts';
import type { AffinityTerm } from './demand.ts';
import type { SchedulingQuery } from './query.ts';
import { holdersOf, repelled, repelling, type Neighbor } from './neighbors.ts';
import type { Meaning, SchedulingRule, SchedulingView } from './rule.ts';
import { selectorWords } from './selector.ts';
import { argument, flag, listed, podName, podsListed } from './words.ts';

/** pkg/scheduler/framework/plugins: nodeports, interpodaffinity, podtopologyspread */
export const POD_RULES: readonly SchedulingRule[] = [
  {
    plugin: 'NodePorts',
    says: ["node(s) didn't have free ports for the requested pod ports"],
    rank: 'room',
    kinds: ['port', 'pod'],
    owner: 'author',
    read: ports,
  },
  {
    plugin: 'InterPodAffinity',
    says: ["node(s) didn't match pod anti-affinity rules"],
    rank: 'room',
    kinds: ['anti-affinity'],
    owner: 'author',
    read: antiAffinity,
  },
  {
    plugin: 'InterPodAffinity',
    says: ["node(s) didn't satisfy existing pods anti-affinity rules"],
    rank: 'room',
    kinds: ['anti-affinity'],
    owner: 'author',
    read: existingAntiAffinity,
  },
  {
    plugin: 'InterPodAffinity',
    says: ["node(s) didn't match pod affinity rules"],
    rank: 'room',
    kinds: ['affinity'],
    owner: 'author',
    read: affinity,
  },
  {
    plugin: 'PodTopologySpread',
    says: ["node(s) didn't match pod topology spread constraints (missing required label)"],
    rank: 'choice',
    kinds: ['label'],
    owner: 'cluster-admin',
    read: (_, { snapshot: { pod }, objects }) => {
      const keys = pod.demand.spread.map(({ topologyKey }) => topologyKey);
      const without = objects.nodes?.filter(({ labels }) => keys.some((key) => !Object.hasOwn(labels, key))) ?? [];
      return {
        waitingFor: { kind: 'label', name: listed(keys) || 'the topology key of the spread constraint' },
        who: "the cluster's administrator (the label on the nodes), or the manifest's author (the topology key)",
        next: [
          {
            command: shell`kubectl get nodes -L ${inQuotes(keys.join(','))}`,
            when: 'to see which nodes lack the label',
          },
        ],
        detail: without.length === 0 ? undefined : `without the label: ${listed(without.map(({ name }) => name))}`,
        query: { kind: 'nodes' },
      };
    },
  },
  {
    plugin: 'PodTopologySpread',
    says: ["node(s) didn't match pod topology spread constraints"],
    rank: 'room',
    kinds: ['topology'],
    owner: 'author',
    read: (_, view) => {
      const { spread } = view.snapshot.pod.demand;
      const words = spread.map(({ topologyKey, maxSkew }) => `maxSkew ${maxSkew} over ${topologyKey}`);
      return {
        waitingFor: { kind: 'topology', name: listed(words) || 'the topology spread constraints of the scheduler' },
        who: "the manifest's author (maxSkew), or the cluster's administrator (nodes in the domains with the fewest pods)",
        next: [
          { command: shell`kubectl get pods${flag(view)} -o wide`, when: 'to see how the pods are spread' },
          ...(spread.length === 0
            ? []
            : [
                {
                  command: shell`kubectl get nodes -L ${inQuotes(spread.map(({ topologyKey }) => topologyKey).join(','))}`,
                  when: 'to see the domains',
                },
              ]),
        ],
      };
    },
  },
];

function ports(_: readonly string[], { snapshot: { pod }, objects }: SchedulingView): Meaning {
  const { hostPorts } = pod.demand;
  const wanted = hostPorts.map(({ port, protocol }) => (protocol === 'TCP' ? String(port) : `${port}/${protocol}`));
  const holders = holdersOf(hostPorts, objects.pods ?? []);
  const name = listed([...new Set(wanted)]);
  return {
    waitingFor: { kind: 'port', name: name || 'a host port' },
    who: `the manifest's author (host port ${name}), or the owner of the pods that hold it`,
    next: holders.length > 0 ? holders.slice(0, 1).map(describePod) : [allPods("to see the pods' host ports")],
    detail: holders.length === 0 ? undefined : `held by ${podsListed(holders, pod.namespace)}`,
    query: { kind: 'pods' },
  };
}

const allPods = (when: string) => ({
  command: shell`kubectl get pods -A -o custom-columns='NAMESPACE:.metadata.namespace,NAME:.metadata.name,NODE:.spec.nodeName,HOSTPORTS:.spec.containers[*].ports[*].hostPort'`,
  when,
});

function describePod(pod: Neighbor) {
  const name = argument(pod.name) ?? 'POD';
  const namespace = argument(pod.namespace);
  const where = namespace === undefined || namespace === 'default' ? noPart : shellPart` -n ${namespace}`;
  return { command: shell`kubectl describe pod ${name}${where}`, when: 'to see whether it can move' };
}

const term = ({ selector, topologyKey }: AffinityTerm): string =>
  `${selectorWords(selector) || 'any pod'} by ${topologyKey}`;

/** The pods of one term are found by its labels; several terms need all pods. */
function queryFor(terms: readonly AffinityTerm[]): SchedulingQuery {
  const [first] = terms;
  if (first === undefined || terms.length > 1) return { kind: 'pods' };
  const isLocal = !first.anyNamespace && first.namespaces.length === 0;
  return { kind: 'pods', isLocal, labels: selectorWords(first.selector) };
}

/** `kubectl get pods -l app=web`, in all namespaces where the term looks beyond the pod's own. */
function matching(terms: readonly AffinityTerm[], view: SchedulingView, when: string) {
  const [first] = terms;
  const labels = first === undefined ? '' : selectorWords(first.selector);
  const isLocal = first === undefined || (!first.anyNamespace && first.namespaces.length === 0);
  return {
    command: shell`kubectl get pods${isLocal ? flag(view) : shellPart` -A`}${labels === '' ? noPart : shellPart` -l ${inQuotes(labels)}`} -o wide`,
    when,
  };
}

function antiAffinity(_: readonly string[], view: SchedulingView): Meaning {
  const { pod } = view.snapshot;
  const terms = pod.demand.antiAffinity;
  const others = repelled(pod.demand, pod.namespace, view.objects.pods ?? []);
  return {
    waitingFor: { kind: 'anti-affinity', name: listed(terms.map(term)) || 'the anti-affinity of the pod' },
    who: "the manifest's author (anti-affinity, replicas), or the cluster's administrator (more nodes)",
    next: [matching(terms, view, 'to see the pods that it must stay away from')],
    detail: others.length === 0 ? undefined : `conflicts with ${podsListed(others, pod.namespace)}`,
    query: queryFor(terms),
  };
}

function existingAntiAffinity(_: readonly string[], view: SchedulingView): Meaning {
  const { pod } = view.snapshot;
  const others = repelling(pod.demand, pod.namespace, view.objects.pods ?? []);
  const names = listed(others.map((other) => podName(other, pod.namespace)));
  return {
    waitingFor: { kind: 'anti-affinity', name: names === '' ? 'of pods on the nodes' : `of ${names}` },
    who: 'the author of the pods on the nodes: their anti-affinity keeps this pod away',
    next:
      others.length > 0
        ? others.slice(0, 1).map(describePod)
        : [{ command: shell`kubectl get pods -A -o wide`, when: 'to see the pods on the nodes' }],
    detail: others.length === 0 ? undefined : `conflicts with ${podsListed(others, pod.namespace)}`,
    query: { kind: 'pods' },
  };
}

function affinity(_: readonly string[], view: SchedulingView): Meaning {
  const { pod } = view.snapshot;
  const terms = pod.demand.affinity;
  const partners = repelled({ antiAffinity: terms }, pod.namespace, view.objects.pods ?? []);
  return {
    waitingFor: { kind: 'affinity', name: listed(terms.map(term)) || 'the affinity of the pod' },
    who: "the manifest's author (affinity), or the owner of the pods that it must be near",
    next: [matching(terms, view, 'to see the pods that it must be near')],
    detail:
      view.objects.pods === undefined
        ? undefined
        : partners.length === 0
          ? 'no such pod is running'
          : `such pods: ${podsListed(partners, pod.namespace)}`,
    query: queryFor(terms),
  };
}
