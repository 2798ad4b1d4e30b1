import { container, probe, workload } from '../pods/manifests.ts';
import type { StoryObject } from '../pods/story.ts';

/** The spec of pods that serve; `args` are further ones of the test program, `more` further fields of the container. */
export function web(args: readonly string[] = [], more: object = {}): object {
  return { containers: [container('web', ['serve', '8080', ...args], { readinessProbe: probe('/ready'), ...more })] };
}

interface Template {
  /** Fields of the pod spec. */
  readonly pod: object;
  /** Further fields of the spec. */
  readonly more?: object;
}

/** A workload that keeps pods running: its selector, labels and template are those of its name. */
function keeper(kind: string, namespace: string, { pod, more = {} }: Template): StoryObject {
  const labels = { app: namespace };
  return workload(namespace, 'apps/v1', kind, 'web', {
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 5, ...pod } },
    ...more,
  });
}

/** Each is called `web`; without `more` a Deployment and a StatefulSet have one pod. */
export const deployment = (namespace: string, template: Template): StoryObject =>
  keeper('Deployment', namespace, template);
export const replicaSet = (namespace: string, template: Template): StoryObject =>
  keeper('ReplicaSet', namespace, template);
export const daemonSet = (namespace: string, template: Template): StoryObject =>
  keeper('DaemonSet', namespace, template);
export const statefulSet = (namespace: string, { pod, more = {} }: Template): StoryObject =>
  keeper('StatefulSet', namespace, { pod, more: { serviceName: 'web', ...more } });

const worker = (args: readonly string[], restartPolicy: string, pod: object): object => ({
  template: {
    spec: { terminationGracePeriodSeconds: 5, restartPolicy, containers: [container('work', args)], ...pod },
  },
});

interface Work {
  readonly restartPolicy?: 'Never' | 'OnFailure';
  readonly pod?: object;
  readonly more?: object;
}

/** A Job called `work` whose pods run the test program with these arguments. */
export function job(
  namespace: string,
  args: readonly string[],
  { restartPolicy = 'Never', pod = {}, more = {} }: Work = {},
): StoryObject {
  return workload(namespace, 'batch/v1', 'Job', 'work', { ...worker(args, restartPolicy, pod), ...more });
}

export function cronJob(namespace: string, schedule: string, more: object = {}): StoryObject {
  const spec = worker(['exit', '0', 'after=2s'], 'Never', {});
  return workload(namespace, 'batch/v1', 'CronJob', 'work', { schedule, jobTemplate: { spec }, ...more });
}

/** A volume that outlives a container, and one that outlives a pod: a folder of the node's own. */
export const podFolder = { name: 'state', emptyDir: {} };
export const nodeFolder = (namespace: string): object => ({
  name: 'state',
  hostPath: { path: `/run/marks/${namespace}`, type: 'DirectoryOrCreate' },
});
export const stateMount = { volumeMounts: [{ name: 'state', mountPath: '/state' }] };

/** Arguments of the test program: `first` the first time, `later` from then on. */
export const once = (first: readonly string[], later: readonly string[]): string[] => [
  'once',
  '/state/begun',
  ...first,
  '--',
  ...later,
];

/** A volume of the node's own disk that only one claim can have. */
export function volumeFor(namespace: string, claim: string): StoryObject {
  return {
    path: '/api/v1/persistentvolumes',
    object: {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: `${namespace}-${claim}` },
      spec: {
        capacity: { storage: '1Mi' },
        accessModes: ['ReadWriteOnce'],
        storageClassName: namespace,
        claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name: claim },
        hostPath: { path: `/run/volumes/${namespace}-${claim}`, type: 'DirectoryOrCreate' },
      },
    },
  };
}

export const claimSpec = (namespace: string): object => ({
  accessModes: ['ReadWriteOnce'],
  storageClassName: namespace,
  resources: { requests: { storage: '1Mi' } },
});

/** Any object of the core API. */
export function core(namespace: string, kind: string, name: string, fields: object): StoryObject {
  return {
    path: `/api/v1/namespaces/${namespace}/${kind.toLowerCase()}s`,
    object: { apiVersion: 'v1', kind, metadata: { name }, ...fields },
  };
}

/** A change of a template that makes a new revision of it: `kubectl rollout restart` sends the same. */
export const revision = (number: number): object => ({
  template: { metadata: { annotations: { revision: String(number) } } },
});

export { container, probe };
