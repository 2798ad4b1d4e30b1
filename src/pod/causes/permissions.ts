import { between, nanosFromMillis } from '../../trace/time.ts';
import type { APIEvent } from '../events.ts';
import type { PodSnapshot } from '../pod-snapshot.ts';
import type { Instant } from '../fields.ts';
import type { Cause } from '../verdict.ts';
import { describe, eventEvidence } from './evidence.ts';

/**
 * The kubelet reports every minute while it changes owners (pkg/volume/volume_linux.go), and its recorder lets at least
 * one event in 5 min through (client-go tools/record events_cache.go).
 */
const SILENCE = nanosFromMillis(390_000);
/** Events are rationed for each pod: where nothing else has been reported since, it may well go on. */
const MAX_SILENCE = nanosFromMillis(1_800_000);

/** A volume whose files are given to the pod's fsGroup one by one: it takes long, and it is progress. */
export function permissionsCause(
  snapshot: PodSnapshot,
  trouble: APIEvent | undefined,
  since: Instant,
): Cause | undefined {
  const events = snapshot.events.filter(({ reason }) => reason === 'VolumePermissionChangeInProgress');
  const last = events.toSorted((one, other) => Number(one.last.at - other.last.at)).at(-1);
  const patience = trouble === undefined && snapshot.events.at(-1) === last ? MAX_SILENCE : SILENCE;
  if (last === undefined || between(last.last.at, snapshot.now) > patience) return undefined;
  // A mount that is not through in 2 min is reported as failed, and continues.
  if (trouble !== undefined && trouble.last.at > last.last.at && !/timed out|deadline exceeded/.test(trouble.message)) {
    return undefined;
  }
  const [, volume = ''] = /volumes\/[^/\s]+\/([^/\s,]+)/.exec(last.message) ?? [];
  const [, files] = /processed (\d+) files/.exec(last.message) ?? [];
  return {
    reason: 'VolumePermissions',
    stage: 'Volumes',
    proven: false,
    planned: true,
    final: false,
    since,
    message: `the kubelet sets the group of every file of volume ${volume} (fsGroup)${files === undefined ? '' : `, ${files} files so far`}`,
    waitingFor: { kind: 'volume', name: volume },
    owner: 'author',
    who: 'the kubelet finishes it; fsGroupChangePolicy: OnRootMismatch in the manifest avoids it at the next start',
    evidence: eventEvidence(events),
    next: [describe(snapshot)],
  };
}
