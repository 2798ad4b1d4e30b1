import { shell, shellPart } from '../../format/shell-command.ts';
import type { PodSnapshot } from '../pod-snapshot.ts';
import type { Cause, NextStep } from '../verdict.ts';
import { inNamespace } from './evidence.ts';

const KINDS = { MissingConfigMap: ['configmap', 'ConfigMap'], MissingSecret: ['secret', 'Secret'] } as const;
const TITLES: Readonly<Record<string, string>> = { configmap: 'ConfigMap', secret: 'Secret' };

/** A ConfigMap or Secret, or a key of one, that the pod names and that does not exist. */
export function missingObject(
  reason: keyof typeof KINDS,
  message: string,
  snapshot: PodSnapshot,
): Pick<Cause, 'message' | 'waitingFor' | 'owner' | 'who' | 'next'> {
  const [kind, title] = KINDS[reason];
  const { name, key } = namedIn(message, kind, snapshot);
  const where = inNamespace(snapshot);
  const make =
    kind === 'secret' ? shellPart`kubectl create secret generic ${name}` : shellPart`kubectl create configmap ${name}`;
  const next: readonly NextStep[] =
    key === undefined
      ? [
          { command: shell`kubectl get ${kind} ${name}${where}`, when: 'does it exist now?' },
          { command: shell`${make}${where} --from-literal=KEY=VALUE`, when: 'to create it manually' },
        ]
      : [
          {
            command: shell`kubectl describe ${kind} ${name.split(' or ')}${where}`,
            when: 'which keys does it have?',
          },
        ];
  return {
    message: key === undefined ? absent(message, title, name) : `${title} ${name} has no key ${key}`,
    waitingFor: { kind, name },
    owner: 'author',
    who: `the author of ${title} ${name}, or the manifest's author (wrong ${key === undefined ? 'name' : 'key'})`,
    next,
  };
}

/**
 * An environment variable names the object that lacks the key (pkg/kubelet/kubelet_pods.go). A volume names only the
 * key (pkg/volume/configmap, pkg/volume/secret), and the manifest names its object.
 */
function namedIn(message: string, kind: 'configmap' | 'secret', { pod }: PodSnapshot): { name: string; key?: string } {
  const name = new RegExp(`${kind} "([^"]+)" not found`, 'i').exec(message)?.[1];
  if (name !== undefined) return { name };
  const [, key, keyed] = new RegExp(`find key (\\S+) in ${kind} (?:[^/\\s]+/)?(\\S+)`, 'i').exec(message) ?? [];
  if (key !== undefined && keyed !== undefined) return { name: keyed, key };
  const volume = /for volume "([^"]+)"/.exec(message)?.[1] ?? '';
  const lacking = /references non-existent (?:config|secret) key: ([^\s,\]]+)/.exec(message)?.[1];
  const sources = pod.volumeSources.get(volume)?.[kind] ?? [];
  if (lacking !== undefined) return { name: sources.join(' or ') || volume, key: lacking };
  return { name: /"([^"]+)"/.exec(message)?.[1] ?? '' };
}

/** A projected volume may lack several objects: each is named. */
function absent(message: string, title: string, name: string): string {
  const all = [...message.matchAll(/(configmap|secret) "([^"]+)" not found/gi)].map(
    ([, kind = '', other = '']) => `${TITLES[kind.toLowerCase()]} ${other}`,
  );
  const first = `${title} ${name}`;
  return [
    'there is',
    [first, ...all.filter((object) => object !== first)].map((object) => `no ${object}`).join(' and '),
  ].join(' ');
}
