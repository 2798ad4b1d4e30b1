import type { MakePlan, Plan, PlanInput } from '../plan.ts';
import { apiserverFlags, configurationText, etcdFlags, etcdNotes, gateNotes, type FlagPair } from './common.ts';

/** K3s runs kube-apiserver inside its own process, so that no mount is needed. */
export const k3s: MakePlan = (input) =>
  planOf(input, {
    folder: '/etc/rancher/k3s',
    service: 'k3s',
    more: '',
    notes:
      input.etcd === undefined
        ? ['this K3s has no embedded etcd, and kine does not trace: traces end at the API server.']
        : ['the flags of etcd count only with embedded etcd (--cluster-init); kine does not trace.'],
  });

/** RKE2 runs kube-apiserver as a static pod. */
export const rke2: MakePlan = (input) =>
  planOf(input, {
    folder: '/etc/rancher/rke2',
    service: 'rke2-server',
    more: `kube-apiserver-extra-mount+:
  - "/etc/rancher/rke2/tracing.yaml:/etc/rancher/rke2/tracing.yaml:ro"
`,
    notes: [],
  });

interface Distribution {
  readonly folder: string;
  readonly service: string;
  /** Lines of its configuration besides the flags. */
  readonly more: string;
  readonly notes: readonly string[];
}

/** Files in config.yaml.d are merged; `+` behind a key appends to its list (docs.k3s.io, Configuration File). */
function planOf(input: PlanInput, { folder, service, more, notes }: Distribution): Plan {
  const file = `${folder}/tracing.yaml`;
  const dropIn = `${folder}/config.yaml.d/tracing.yaml`;
  return {
    steps: [
      {
        title: 'On each server node, as root: the file that kube-apiserver reads, and its flags',
        files: [
          { path: file, text: configurationText(input) },
          {
            path: dropIn,
            text: `${argLines('kube-apiserver-arg+', apiserverFlags(input, file))}${more}${argLines('etcd-arg+', etcdFlags(input))}`,
          },
        ],
      },
      {
        title: 'On each server node, one after the other',
        commands: [`systemctl restart ${service}`],
        notes: [...gateNotes(input), ...etcdNotes(input), ...notes],
      },
    ],
    undo: [
      {
        title: 'On each server node, one after the other, as root',
        commands: [`rm ${dropIn} ${file}`, `systemctl restart ${service}`],
      },
    ],
  };
}

const argLines = (key: string, flags: readonly FlagPair[]): string =>
  flags.length === 0
    ? ''
    : `${key}:\n${flags.map(([name, value]) => `  - ${JSON.stringify(`${name}=${value}`)}\n`).join('')}`;
