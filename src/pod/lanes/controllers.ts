import { after, between, nanosFromMillis, type EpochNanos } from '../../trace/time.ts';
import type { PodSnapshot } from '../pod-snapshot.ts';
import type { TimelineInput, InferredRow } from './inferred-row.ts';
import { clockTime, shortDuration, stepWords } from './words.ts';

/** An owner that is older than this at the pod's creation is named, but not drawn. */
const RECENT = nanosFromMillis(60_000);

/** Rows of the owners and of the pod's creation, from the times of the objects. */
export function controllerRows({ snapshot, progress, requestEnd }: TimelineInput): InferredRow[] {
  const { pod, owners } = snapshot;
  const { created } = progress;
  const rows = owners
    .filter((owner) => between(owner.createdAt.at, created.at.at) <= RECENT)
    .toReversed()
    .map((owner): InferredRow => {
      const what = `${owner.kind.toLowerCase()}/${owner.name}`;
      const known = owner.createdAt.at < created.at.at ? owner.createdAt.at : created.at.at;
      // Made by the request, or by what the request has made.
      const at = requestEnd !== undefined && known < requestEnd && requestEnd <= created.at.at ? requestEnd : known;
      return {
        label: [
          `${what} created ${clockTime(at, snapshot.now)} (creationTimestamp, ${stepWords(owner.createdAt)})`,
          `${what} created${requestEnd === undefined ? earlierWords(owner, created.at.at) : ''}`,
        ],
        from: at,
        to: at,
        source: 'event',
        component: 'controller',
      };
    });
  const nearest = pod.owners[0];
  const by = nearest === undefined ? '' : ` by ${nearest.kind.toLowerCase()}/${nearest.name}`;
  const at = created.at.at;
  const known = created.source === 'span' ? 'when its request ended' : `creationTimestamp, ${stepWords(created.at)}`;
  const step = created.source === 'span' ? '' : ` ${stepWords(created.at)}`;
  rows.push({
    label: [`created ${clockTime(at, snapshot.now)}${by} (${known})`, `created ${clockTime(at, snapshot.now)}${step}`],
    from: at,
    to: at,
    source: 'event',
    component: 'apiserver',
  });
  return rows;
}

/** By how much an owner is older: its row stands at the beginning of the axis. Times are in seconds, and may be the same. */
function earlierWords({ createdAt }: PodSnapshot['owners'][number], created: EpochNanos): string {
  const latest = after(createdAt.at, createdAt.uncertainty);
  return latest >= created ? '' : ` ${shortDuration(between(createdAt.at, created))} earlier`;
}
