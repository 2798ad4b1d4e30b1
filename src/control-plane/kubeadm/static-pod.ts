import { EditRefused, isSameValue, layoutOf, scalarOf, valueAt, valuesOf, type Node, type Sequence } from './layout.ts';
import { LineEdits, type Block } from './line-edits.ts';

/** A folder of the node that a component reads. */
export interface HostFolder {
  readonly name: string;
  readonly path: string;
}

/** The part of a static pod with which its component traces. */
export interface PodTracing {
  /** Name of the container, and of its program. */
  readonly component: 'kube-apiserver' | 'etcd';
  /** Without `--`. */
  readonly flags: readonly (readonly [name: string, value: string])[];
  readonly folder?: HostFolder | undefined;
}

interface PodLayout {
  readonly command: Sequence;
  readonly mounts: Sequence;
  readonly volumes: Sequence;
}

/**
 * The manifest with the flags, the volume and its mount added as kubeadm itself would write them: flags of extraArgs at the
 * end (since 1.31), volumes by name. A part that is there already is not added again, so that the text of a second call
 * is that of the first. Throws EditRefused when the manifest is not what kubeadm writes, or has another value.
 */
export function addTracing(text: string, tracing: PodTracing): string {
  const { command, mounts, volumes } = podLayout(text, tracing);
  const edits = new LineEdits(text);
  const missing = tracing.flags.filter(([name, value]) => !hasFlag(command, name, value));
  if (missing.length > 0)
    edits.addItems(
      command,
      Infinity,
      missing.map(([name, value]) => [`--${name}=${value}`]),
    );
  if (tracing.folder !== undefined) {
    addFolder(edits, { mounts, volumes }, tracing.folder);
  }
  return checked(text, edits, (pod) => withTracing(pod, tracing));
}

/** The parts that an addition would add. Throws EditRefused for other values. */
export function missingTracing(text: string, { component, flags, folder }: PodTracing): PodTracing {
  const { command, mounts } = podLayout(text, { component });
  const hasFolder = mounts.items.some((item) => nameOf(item) === folder?.name);
  return {
    component,
    flags: flags.filter(([name, value]) => !hasFlag(command, name, value)),
    folder: hasFolder ? undefined : folder,
  };
}

/** The manifest without them: for one that has changed since they were added. What is missing, or has another value, is skipped. */
export function removeTracing(text: string, { component, flags, folder }: PodTracing): string {
  const { command, mounts, volumes } = podLayout(text, { component });
  const edits = new LineEdits(text);
  const words = new Set(flags.map(([name, value]) => `--${name}=${value}`));
  for (const [index, item] of command.items.entries()) {
    if (words.has(scalarOf(item) ?? '')) edits.removeItem(command, index);
  }
  const isOurs = folder !== undefined && isMountedFrom({ mounts, volumes }, folder);
  for (const list of isOurs ? [mounts, volumes] : []) {
    const index = list.items.findIndex((item) => nameOf(item) === folder?.name);
    if (index !== -1) edits.removeItem(list, index);
  }
  return checked(text, edits, (pod) => {
    const container = pod.spec.containers.find(({ name }) => name === component)!;
    container.command = container.command.filter((word) => !words.has(word));
    if (!isOurs) return;
    container.volumeMounts = container.volumeMounts.filter(({ name }) => name !== folder.name);
    pod.spec.volumes = pod.spec.volumes.filter(({ name }) => name !== folder.name);
  });
}

/** Whether the folder's mount and volume have its path, where they exist. A mount must not lose its volume. */
const isMountedFrom = (
  { mounts, volumes }: Pick<PodLayout, 'mounts' | 'volumes'>,
  { name, path }: HostFolder,
): boolean =>
  mounts.items.every((item) => nameOf(item) !== name || scalarOf(valueAt(item, ['mountPath'])) === path) &&
  volumes.items.every((item) => nameOf(item) !== name || scalarOf(valueAt(item, ['hostPath', 'path'])) === path);

function podLayout(text: string, { component }: Pick<PodTracing, 'component'>): PodLayout {
  const root = layoutOf(text);
  if (scalarOf(valueAt(root, ['kind'])) !== 'Pod') throw new EditRefused('it is not a Pod');
  const containers = sequence(valueAt(root, ['spec', 'containers']), 'spec.containers');
  const container = containers.items.find((item) => nameOf(item) === component);
  if (container === undefined) throw new EditRefused(`it has no container ${component}`);
  const command = sequence(valueAt(container, ['command']), 'command');
  if (scalarOf(command.items[0]) !== component) throw new EditRefused(`its command does not begin with ${component}`);
  if (valueAt(container, ['args']) !== undefined) throw new EditRefused('its container has args beside its command');
  return {
    command,
    mounts: sequence(valueAt(container, ['volumeMounts']), 'volumeMounts'),
    volumes: sequence(valueAt(root, ['spec', 'volumes']), 'spec.volumes'),
  };
}

function sequence(node: Node | undefined, name: string): Sequence {
  if (node?.kind !== 'sequence') throw new EditRefused(`it has no list ${name}`);
  if (node.isFlow || node.items.length === 0) throw new EditRefused(`its list ${name} is in brackets`);
  return node;
}

const nameOf = (item: Node): string | undefined => scalarOf(valueAt(item, ['name']));

/** Whether the flag is there with this value. Throws for another value, which is not to be lost. */
function hasFlag(command: Sequence, name: string, value: string): boolean {
  const words = command.items.map((item) => scalarOf(item) ?? '');
  const given = words.filter((word) => word === `--${name}` || word.startsWith(`--${name}=`));
  if (given.length === 0) return false;
  if (given.length === 1 && given[0] === `--${name}=${value}`) return true;
  throw new EditRefused(`it already has ${given.join(' and ')}, not --${name}=${value}`);
}

function addFolder(
  edits: LineEdits,
  { mounts, volumes }: Pick<PodLayout, 'mounts' | 'volumes'>,
  folder: HostFolder,
): void {
  const { name, path } = folder;
  const mountOfPath = mounts.items.find((item) => scalarOf(valueAt(item, ['mountPath'])) === path);
  const mount = mounts.items.find((item) => nameOf(item) === name);
  if (mountOfPath !== mount) throw new EditRefused(`another volume than "${name}" is mounted at ${path}`);
  const volume = volumes.items.find((item) => nameOf(item) === name);
  if (volume !== undefined && scalarOf(valueAt(volume, ['hostPath', 'path'])) !== path) {
    throw new EditRefused(`its volume "${name}" is not ${path}`);
  }
  if (mount === undefined) addByName(edits, mounts, name, mountBlock(folder));
  if (volume === undefined) addByName(edits, volumes, name, volumeBlock(folder));
}

const mountBlock = ({ name, path }: HostFolder): Block => [`mountPath: ${path}`, `name: ${name}`, 'readOnly: true'];
const volumeBlock = ({ name, path }: HostFolder): Block => [
  'hostPath:',
  `  path: ${path}`,
  '  type: Directory',
  `name: ${name}`,
];

function addByName(edits: LineEdits, list: Sequence, name: string, block: Block): void {
  edits.addItems(
    list,
    placeOf(
      list.items.map((item) => nameOf(item) ?? ''),
      name,
    ),
    [block],
  );
}

/** Where a name goes in a list that is sorted by name; at the end of any other. */
function placeOf(names: readonly string[], name: string): number {
  const isSorted = names.every((each, index) => index === 0 || names[index - 1]! <= each);
  const place = isSorted ? names.findIndex((each) => each > name) : -1;
  return place === -1 ? names.length : place;
}

interface Named {
  readonly name: string;
}

interface PodValue {
  readonly spec: {
    readonly containers: { readonly name: string; command: string[]; volumeMounts: Named[] }[];
    volumes: Named[];
  };
}

/** The same edit of the values. */
function withTracing(pod: PodValue, { component, flags, folder }: PodTracing): void {
  const container = pod.spec.containers.find(({ name }) => name === component)!;
  const words = flags.map(([name, value]) => `--${name}=${value}`);
  container.command = [...container.command, ...words.filter((word) => !container.command.includes(word))];
  if (folder === undefined) return;
  const { name, path } = folder;
  insert(container.volumeMounts, { mountPath: path, name, readOnly: true } as Named);
  insert(pod.spec.volumes, { hostPath: { path, type: 'Directory' }, name } as Named);
}

function insert(list: Named[], value: Named): void {
  const names = list.map(({ name }) => name);
  if (!names.includes(value.name)) list.splice(placeOf(names, value.name), 0, value);
}

/** The edited text, if its values are the original ones with the same edit. */
function checked(text: string, edits: LineEdits, edit: (pod: PodValue) => void): string {
  if (edits.isEmpty) return text;
  const edited = edits.apply();
  const wanted = valuesOf(text) as PodValue;
  edit(wanted);
  if (!isSameValue(valuesOf(edited), wanted)) throw new EditRefused('its layout is not what kubeadm writes');
  return edited;
}
