import { eventOf, eventsOf } from '../../src/pod/events.ts';
import type { PodSnapshot } from '../../src/pod/pod-snapshot.ts';
import { nodeOf } from '../../src/pod/node.ts';
import { podOf } from '../../src/pod/objects.ts';
import { epochNanos, nanosFromMillis } from '../../src/trace/time.ts';

const CREATED = Date.parse('2026-11-23T08:58:14Z');

/** RFC 3339, seconds after the pod was created. */
export const secondsLater = (seconds: number): string =>
  new Date(CREATED + seconds * 1000).toISOString().replace('.000', '');

export interface DrawnSnapshot {
  readonly spec?: object;
  readonly status?: object;
  readonly events?: readonly object[];
  /** `status.nodeInfo` of the node; undefined where the node could not be read. */
  readonly nodeInfo?: object;
  readonly log?: readonly string[];
  /** Seconds after its creation. */
  readonly now?: number;
}

/** Pod web of namespace shop on node n1, with container c. */
export function drawSnapshot({ spec, status, events = [], nodeInfo, log, now = 120 }: DrawnSnapshot): PodSnapshot {
  const uid = '0a1b2c3d-0000-4000-8000-000000000001';
  const pod = podOf({
    metadata: { name: 'web', namespace: 'shop', uid, creationTimestamp: secondsLater(0) },
    spec: { nodeName: 'n1', containers: [{ name: 'c', image: 'reg.test/web:1' }], ...spec },
    status: { phase: 'Pending', startTime: secondsLater(1), ...status },
  })!;
  const about = { involvedObject: { kind: 'Pod', name: 'web', uid, fieldPath: 'spec.containers{c}' } };
  const all = events.map((event) => eventOf({ ...about, type: 'Warning', firstTimestamp: secondsLater(2), ...event })!);
  return {
    now: epochNanos(BigInt(CREATED + now * 1000) * 1_000_000n),
    untilStuck: nanosFromMillis(60_000),
    pod,
    events: eventsOf(all, uid).own,
    earlierEvents: 0,
    node: nodeInfo && nodeOf({ metadata: { name: 'n1' }, status: { nodeInfo } }, {}),
    owners: [],
    spans: [],
    logs: log === undefined ? [] : [{ container: 'c', lines: log }],
  };
}
