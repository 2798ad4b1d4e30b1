/** Why one kind of node does not take the pod, and how many of that kind there are. */
export interface SchedulingCause {
  /** Null where the scheduler gives none: it looked at no node at all. */
  readonly nodes: number | null;
  readonly text: string;
}

export interface SchedulingFailure {
  /** Null for a message of another form. */
  readonly nodes: number | null;
  readonly causes: readonly SchedulingCause[];
  /** What preemption would do about it; undefined when the scheduler does not say. */
  readonly preemption: string | undefined;
}

/**
 * Reads the scheduler's message (k8s.io/kubernetes pkg/scheduler/framework/types.go, FitError.Error):
 * `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint(s). preemption: …`. A taint may hold
 * commas of its own, so that a cause begins only where a number follows the comma.
 */
export function parseSchedulingMessage(message: string): SchedulingFailure {
  const [, total, rest = ''] = /^0\/(\d+) nodes? (?:is|are) available:?\s*(.*)$/s.exec(message) ?? [];
  if (total === undefined) return { nodes: null, causes: [{ nodes: null, text: message }], preemption: undefined };
  const [reasons, preemption] = splitOnce(rest, /\.?\s*preemption: /);
  const causes = reasons
    .replace(/\.\s*$/, '')
    .split(/,\s(?=\d+ )|\.\s(?=\d+ )/)
    .filter((text) => text !== '')
    .map((text): SchedulingCause => {
      const [, count, words = text] = /^(\d+) (.*)$/s.exec(text) ?? [];
      return { nodes: count === undefined ? null : Number(count), text: words };
    });
  return { nodes: Number(total), causes, preemption: preemption?.replace(/\.\s*$/, '') };
}

function splitOnce(text: string, separator: RegExp): [string, string?] {
  const match = separator.exec(text);
  return match === null ? [text] : [text.slice(0, match.index), text.slice(match.index + match[0].length)];
}
