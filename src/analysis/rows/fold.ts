import type { PlacedSpan } from '../../trace/trace.ts';
import { requestKind, requestsLabel } from './repeated-requests.ts';
import { formatDuration, formatDurationRange } from '../wording/duration.ts';
import { withChildren, type Label, type RowNode } from './row-node.ts';

/** Minimum number of similar rows that are folded into one. */
const MIN_REPEATED_ROWS = 5;
/** A span that took this many times the median is not folded. */
const OUTLIER = 2;

/**
 * Folds siblings of the same name, service and kind, with everything below them, into one counted row:
 *
 *     Create pods                        Create pods
 *     ├─ KV/Range  0.4 ms                ├─ ×47 KV/Range 400 µs–1.10 ms, Σ 31.0 ms
 *     ├─ KV/Range  1.1 ms           →    └─ KV/Range  9.7 ms
 *     ├─ KV/Range  9.7 ms
 *     └─ … 45 more
 *
 * Separate rows remain for an outlying longest span and for spans of `required`. Spans of processes are folded, and
 * requests of one kind. Every span stays in exactly one row. Linear but for sorting durations, and iterative.
 */
export function foldRows(
  root: RowNode,
  required: ReadonlySet<PlacedSpan>,
  far: ReadonlySet<PlacedSpan> = new Set(),
): RowNode {
  const nodes: RowNode[] = [root];
  const parents: number[] = [-1];
  const children = new Map<RowNode, readonly RowNode[]>();
  for (let index = 0; index < nodes.length; index++) {
    const node = nodes[index] as RowNode;
    if (node.children.length === 0) continue;
    const folded = withFolds(node.children, required, far);
    if (folded !== node.children) children.set(node, folded);
    for (const child of folded) {
      if (child.repeated !== undefined) continue;
      nodes.push(child);
      parents.push(index);
    }
  }
  if (children.size === 0) return root;
  // Only nodes with a fold below them are rebuilt, children before their parents.
  const made = new Map<RowNode, RowNode>();
  for (let index = nodes.length - 1; index >= 0; index--) {
    const node = nodes[index] as RowNode;
    const own = children.get(node);
    if (own === undefined) continue;
    made.set(
      node,
      withChildren(
        node,
        own.map((child) => made.get(child) ?? child),
      ),
    );
    const parent = nodes[parents[index] as number];
    if (parent !== undefined && !children.has(parent)) children.set(parent, parent.children);
  }
  return made.get(root) as RowNode;
}

/** The siblings, with each fold in place of the first row that it holds. */
function withFolds(
  siblings: readonly RowNode[],
  required: ReadonlySet<PlacedSpan>,
  far: ReadonlySet<PlacedSpan>,
): readonly RowNode[] {
  if (siblings.length < MIN_REPEATED_ROWS) return siblings;
  const candidates = perhapsRepeated(siblings);
  if (candidates.length === 0) return siblings;
  const groups = new Map<string, RowNode[]>();
  for (const node of candidates) {
    const like = likeness(node, required);
    if (like === undefined) continue;
    // Rows beside the axis are not merged with rows on it.
    const key = far.size > 0 && far.has(node.spans[0] as PlacedSpan) ? `far ${like}` : like;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [node]);
    else group.push(node);
  }
  const folds = new Map<RowNode, RowNode | undefined>();
  for (const group of groups.values()) {
    if (group.length < MIN_REPEATED_ROWS) continue;
    const alike = withoutOutlier(group);
    if (alike.length < MIN_REPEATED_ROWS) continue;
    for (const node of alike) folds.set(node, undefined);
    folds.set(alike[0] as RowNode, fold(alike));
  }
  if (folds.size === 0) return siblings;
  return siblings.flatMap((node) => (folds.has(node) ? (folds.get(node) ?? []) : [node]));
}

/** Longer names are distinguished by this many of their last characters. */
const SUFFIX_LENGTH = 12;

/**
 * The rows whose name may be that of enough others. Names are counted by a number that is made of each, at times several
 * by the same, so that no count is too low: a Map of a hundred thousand names takes as long as drawing them.
 */
function perhapsRepeated(siblings: readonly RowNode[]): readonly RowNode[] {
  const counts = new Int32Array(2 ** Math.ceil(Math.log2(2 * siblings.length)));
  const numbers = new Int32Array(siblings.length);
  let most = 0;
  for (let index = 0; index < siblings.length; index++) {
    const number = numberOf(nameOf(siblings[index] as RowNode)) & (counts.length - 1);
    const count = (counts[number] as number) + 1;
    numbers[index] = number;
    counts[number] = count;
    if (count > most) most = count;
  }
  if (most < MIN_REPEATED_ROWS) return [];
  return siblings.filter((_, index) => (counts[numbers[index] as number] as number) >= MIN_REPEATED_ROWS);
}

/** FNV-1a, 32 bits. */
function numberOf(name: string): number {
  let hash = 0x811c9dc5 ^ name.length;
  for (let index = Math.max(0, name.length - SUFFIX_LENGTH); index < name.length; index++) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  return hash ^ (hash >>> 15);
}

/** Key that two rows must share to be merged; undefined for a row that stays. */
function likeness(node: RowNode, required: ReadonlySet<PlacedSpan>): string | undefined {
  const [first, second] = node.spans;
  if (first === undefined || second !== undefined || required.has(first) || !first.ended) return undefined;
  if (first.source !== 'span') return requestKind(first);
  const { name, kind, resource } = first.span;
  // The shortest wording distinguishes webhooks, whose spans all have one name.
  return `${resource.service}\0${kind}\0${name}\0${node.brief}`;
}

const nameOf = (node: RowNode): string => node.spans[0]?.span.name ?? '';
const durationOf = (node: RowNode): number => node.spans[0]?.duration ?? 0;

function withoutOutlier(group: readonly RowNode[]): readonly RowNode[] {
  const durations = group.map(durationOf).sort((a, b) => a - b);
  const longest = durations.at(-1) as number;
  const median = durations[Math.floor((durations.length - 1) / 2)] as number;
  if (longest <= OUTLIER * median) return group;
  const outlier = group.find((node) => durationOf(node) === longest);
  return group.filter((node) => node !== outlier);
}

function fold(nodes: readonly RowNode[]): RowNode {
  const below: PlacedSpan[] = [];
  const stack = nodes.flatMap(({ children }) => children);
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const span of node.spans) below.push(span);
    for (const child of node.children) stack.push(child);
  }
  const spans = nodes.map((node) => node.spans[0] as PlacedSpan);
  const label = foldLabel(nodes);
  return { label, brief: label.at(-1) as string, spans, children: [], folded: true, repeated: { below } };
}

function foldLabel(nodes: readonly RowNode[]): Label {
  if (nodes[0]?.spans[0]?.source === 'client') return requestsLabel(nodes);
  const name = `×${nodes.length} ${nodes[0]?.brief}`;
  let least = Infinity;
  let most = 0;
  let sum = 0;
  for (const node of nodes) {
    least = Math.min(least, durationOf(node));
    most = Math.max(most, durationOf(node));
    sum += durationOf(node);
  }
  const each = `${name} ${formatDurationRange(least, most)}`;
  return [`${each}, Σ ${formatDuration(sum)}`, each, name];
}

/** The spans that must be visible, and their ancestors. */
export function withAncestors(spans: Iterable<PlacedSpan>): ReadonlySet<PlacedSpan> {
  const all = new Set<PlacedSpan>();
  for (const span of spans) {
    for (
      let ancestor: PlacedSpan | undefined = span;
      ancestor !== undefined && !all.has(ancestor);
      ancestor = ancestor.parent
    )
      all.add(ancestor);
  }
  return all;
}
