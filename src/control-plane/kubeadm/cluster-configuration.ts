import { EditRefused, isSameValue, layoutOf, scalarOf, valueAt, valuesOf, type Mapping, type Node } from './layout.ts';
import { LineEdits, type Block } from './line-edits.ts';
import {
  componentIn,
  extrasOf,
  isExtra,
  KEYS,
  withExtras,
  withoutExtras,
  type Extra,
  type Extras,
  type Values,
} from './extras.ts';
import type { PodTracing } from './static-pod.ts';

/** `extraArgs` is a mapping in v1beta3 (kubeadm 1.22 to 1.30), and a list since v1beta4. v1 came with 1.36. */
const API_VERSIONS: Readonly<Record<string, 'mapping' | 'list'>> = {
  'kubeadm.k8s.io/v1beta3': 'mapping',
  'kubeadm.k8s.io/v1beta4': 'list',
  'kubeadm.k8s.io/v1': 'list',
};

/** Where a component's extra arguments are. */
const PATHS = { 'kube-apiserver': ['apiServer'], etcd: ['etcd', 'local'] } as const;

/**
 * The ClusterConfiguration of the ConfigMap kubeadm-config with the same flags and volumes as the static pods, so that
 * `kubeadm upgrade` writes them again. The same text for one that has them. Throws EditRefused.
 */
export const addToConfiguration = (text: string, pods: readonly PodTracing[]): string =>
  edited(text, pods, (edits, place, extras) => addExtras(edits, place, extras), withExtras);

/** The same text without those that have their value; the others stay. */
export const removeFromConfiguration = (text: string, pods: readonly PodTracing[]): string =>
  edited(text, pods, removeExtras, withoutExtras);

/** The flags and volumes that an addition would add. Throws EditRefused for other values. */
export function missingInConfiguration(text: string, pods: readonly PodTracing[]): readonly PodTracing[] {
  const { root, form } = configurationOf(text);
  return pods.map((pod) => {
    const extras = extrasOf(pod, form);
    const node = valueAt(root, PATHS[pod.component]);
    const missing = (key: keyof Extras): readonly string[] =>
      extras[key].filter((extra) => !hasExtra(node && valueAt(node, [key]), extra)).map(({ name }) => name);
    const [flags, volumes] = [missing('extraArgs'), missing('extraVolumes')];
    return {
      component: pod.component,
      flags: pod.flags.filter(([name]) => flags.includes(name)),
      folder: volumes.length > 0 ? pod.folder : undefined,
    };
  });
}

/** Where a component's configuration is: the mapping around it, its key, and its value. */
interface Place {
  readonly parent: Mapping;
  readonly key: string;
  readonly node: Node | undefined;
}

function edited(
  text: string,
  pods: readonly PodTracing[],
  edit: (edits: LineEdits, place: Place, extras: Extras) => void,
  editValues: (component: Values, extras: Extras) => void,
): string {
  const { root, form } = configurationOf(text);
  const edits = new LineEdits(text);
  const wanted = valuesOf(text) as Values;
  for (const pod of pods) {
    const path = PATHS[pod.component];
    const parent = valueAt(root, path.slice(0, -1));
    if (parent?.kind !== 'mapping') throw new EditRefused(`it has no ${path.slice(0, -1).join('.')}`);
    const extras = extrasOf(pod, form);
    edit(edits, { parent, key: path.at(-1)!, node: valueAt(root, path) }, extras);
    editValues(componentIn(wanted, path), extras);
  }
  const result = edits.isEmpty ? text : edits.apply();
  if (!isSameValue(valuesOf(result), wanted)) throw new EditRefused('its layout is not what kubeadm writes');
  return result;
}

function configurationOf(text: string): { readonly root: Node; readonly form: 'mapping' | 'list' } {
  const root = layoutOf(text);
  if (scalarOf(valueAt(root, ['kind'])) !== 'ClusterConfiguration') {
    throw new EditRefused('it is not a ClusterConfiguration');
  }
  const apiVersion = scalarOf(valueAt(root, ['apiVersion'])) ?? '';
  const form = API_VERSIONS[apiVersion];
  if (form === undefined) throw new EditRefused(`its version "${apiVersion}" is not known`);
  return { root, form };
}

const isEmpty = (node: Node | undefined): boolean =>
  node === undefined ||
  (node.kind === 'scalar' && ['', '~', 'null'].includes(node.value)) ||
  (node.kind === 'mapping' && node.entries.length === 0) ||
  (node.kind === 'sequence' && node.items.length === 0);

const indented = (block: Block): Block => block.map((line) => `  ${line}`);
const listItem = (block: Block): Block => block.map((line, index) => `${index === 0 ? '- ' : '  '}${line}`);

/** A key with all of these, as kubeadm would write it. */
const entryOf = (key: string, extras: readonly Extra[]): Block =>
  extras.length === 0
    ? []
    : [
        `${key}:`,
        ...extras.flatMap(({ value, block }) => (typeof value === 'string' ? indented(block) : listItem(block))),
      ];

function put(edits: LineEdits, { parent, key, node }: Place, block: Block): void {
  if (block.length === 0) return;
  if (node === undefined) edits.addEntry(parent, key, block);
  else edits.replaceEntry(parent, key, block);
}

function addExtras(edits: LineEdits, place: Place, extras: Extras): void {
  const { key, node } = place;
  if (isEmpty(node)) {
    put(edits, place, [`${key}:`, ...KEYS.flatMap((each) => indented(entryOf(each, extras[each])))]);
    return;
  }
  if (node?.kind !== 'mapping') throw new EditRefused(`its ${key} is not a mapping`);
  for (const each of KEYS) {
    const list = valueAt(node, [each]);
    const missing = extras[each].filter((extra) => !hasExtra(list, extra));
    if (isEmpty(list)) put(edits, { parent: node, key: each, node: list }, entryOf(each, missing));
    else if (list?.kind === 'sequence')
      edits.addItems(
        list,
        Infinity,
        missing.map(({ block }) => block),
      );
    else if (list?.kind === 'mapping') for (const { name, block } of missing) edits.addEntry(list, name, block);
  }
}

/** Whether it is there with this value. Throws for another one, which is not to be lost. */
function hasExtra(list: Node | undefined, extra: Extra): boolean {
  const found = itemsOf(list).filter((item) => item.name === extra.name);
  if (found.length === 0) return false;
  if (found.length > 1 || !isExtra(found[0]!, extra)) throw new EditRefused(`it already has another "${extra.name}"`);
  return true;
}

function itemsOf(list: Node | undefined): { name: string; value: unknown }[] {
  const plain = (node: Node): unknown =>
    node.kind === 'mapping'
      ? Object.fromEntries(node.entries.map(({ key, value }) => [key, scalarOf(value) ?? '']))
      : scalarOf(node);
  if (list?.kind === 'mapping') return list.entries.map(({ key, value }) => ({ name: key, value: plain(value) }));
  if (list?.kind !== 'sequence') return [];
  return list.items.map((item) => ({ name: scalarOf(valueAt(item, ['name'])) ?? '', value: plain(item) }));
}

function removeExtras(edits: LineEdits, { parent, key, node }: Place, extras: Extras): void {
  if (node?.kind !== 'mapping') return;
  const left = node.entries.filter((entry) => {
    if (entry.key !== 'extraArgs' && entry.key !== 'extraVolumes') return true;
    const items = itemsOf(entry.value);
    return (
      items.length === 0 ||
      items.some((item) => !extras[entry.key as 'extraArgs'].some((extra) => isExtra(item, extra)))
    );
  });
  if (left.length === 0 && node.entries.length > 0) {
    edits.replaceEntry(parent, key, [`${key}: {}`]);
    return;
  }
  for (const { key: each, value: list } of node.entries) {
    if (each !== 'extraArgs' && each !== 'extraVolumes') continue;
    if (!left.some((entry) => entry.key === each)) {
      edits.replaceEntry(node, each, []);
      continue;
    }
    for (const [index, item] of itemsOf(list).entries()) {
      if (!extras[each].some((extra) => isExtra(item, extra))) continue;
      if (list.kind === 'sequence') edits.removeItem(list, index);
      else if (list.kind === 'mapping') edits.replaceEntry(list, item.name, []);
    }
  }
}
