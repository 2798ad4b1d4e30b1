import { list, member, text, texts } from './objects.ts';
import { imageVersion, type Version } from './version.ts';

/** A component of the control plane that traces. */
export type Component = 'kube-apiserver' | 'etcd';

/** A folder or file of the node inside a pod. */
export interface HostMount {
  readonly mountPath: string;
  /** Undefined where the volume is not of the node. */
  readonly hostPath: string | undefined;
}

/** A pod that runs a component of the control plane, as its mirror pod shows it. */
export interface ComponentPod {
  readonly component: Component;
  readonly pod: string;
  readonly node: string;
  readonly annotations: Readonly<Record<string, string>>;
  /** From the image's tag; undefined for a digest alone. */
  readonly version: Version | undefined;
  /** Flags without `--`. A flag without a value is `true`. */
  readonly flags: ReadonlyMap<string, string>;
  readonly mounts: readonly HostMount[];
  readonly hostNetwork: boolean;
}

/** Reads a pod of kube-system; undefined for one that runs no such component. */
export function componentPod(pod: unknown): ComponentPod | undefined {
  const spec = member(pod, 'spec');
  const containers = list(spec, 'containers');
  // The name decides: another container may run the same program, for a probe or a backup.
  const found =
    containers.find((each) => named(each) !== undefined) ?? containers.find((each) => runs(each) !== undefined);
  const component = named(found) ?? runs(found);
  if (component === undefined) return undefined;
  const metadata = member(pod, 'metadata');
  return {
    component,
    pod: text(metadata, 'name'),
    node: text(spec, 'nodeName'),
    annotations: texts(metadata, 'annotations'),
    version: imageVersion(text(found, 'image')),
    flags: flagsOf(wordsOf(found)),
    mounts: mountsOf(found, spec),
    hostNetwork: spec['hostNetwork'] === true,
  };
}

const COMPONENTS: readonly Component[] = ['kube-apiserver', 'etcd'];

const wordsOf = (container: unknown): readonly string[] =>
  [...list(container, 'command'), ...list(container, 'args')].filter((word) => typeof word === 'string');

/** The component by the container's name, as kubeadm and most others write it. */
const named = (container: unknown): Component | undefined =>
  COMPONENTS.find((component) => component === text(container, 'name'));

/** The component by the container's program. */
function runs(container: unknown): Component | undefined {
  const [program = ''] = wordsOf(container);
  return COMPONENTS.find((component) => component === program.slice(program.lastIndexOf('/') + 1));
}

/** The flags of a command line, without `--`: `--name=value`, `--name value`, `--name`. */
export function flagsOf(words: readonly string[]): ReadonlyMap<string, string> {
  const flags = new Map<string, string>();
  for (const [index, word] of words.entries()) {
    const [, name, , value] = /^--?([\w-]+)(=([^]*))?$/.exec(word) ?? [];
    if (name === undefined) continue;
    const next = words[index + 1];
    flags.set(name, value ?? (next === undefined || next.startsWith('-') ? 'true' : next));
  }
  return flags;
}

function mountsOf(container: unknown, spec: unknown): readonly HostMount[] {
  const volumes = new Map(list(spec, 'volumes').map((volume) => [text(volume, 'name'), volume]));
  return list(container, 'volumeMounts').map((mount) => ({
    mountPath: text(mount, 'mountPath'),
    hostPath: text(member(volumes.get(text(mount, 'name')), 'hostPath'), 'path') || undefined,
  }));
}

/** Whether the file at `path` is inside a mounted folder, or is mounted itself. */
export const isMounted = ({ mounts }: Pick<ComponentPod, 'mounts'>, path: string): boolean =>
  mounts.some(({ mountPath }) => path === mountPath || path.startsWith(`${mountPath.replace(/\/$/, '')}/`));
