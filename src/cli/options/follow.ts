import { UsageError } from '../../errors.ts';
import type { Nanos } from '../../trace/time.ts';
import type { Flag } from '../flag.ts';
import type { FlagValues } from '../values.ts';
import { programName } from '../../format/program-name.ts';

/** The flags of what follows a pod. */
export const FOLLOW_FLAGS: readonly Flag[] = [
  {
    name: 'follow',
    type: 'boolean',
    group: 'follow',
    help: 'Follow until the pod is Ready, has completed or is stuck, or until "kubectl rollout status" would return',
  },
  {
    name: 'until-stuck',
    type: 'duration',
    group: 'follow',
    placeholder: 'DURATION',
    default: '60s',
    help: 'Report a pod as stuck after this time without progress, by its own timestamps; at once if Kubernetes reports the cause',
  },
  {
    name: 'timeout',
    type: 'duration',
    group: 'follow',
    placeholder: 'DURATION',
    default: '5m',
    help: 'The length of time that --follow waits before giving up',
  },
];

/** How far pods are followed. */
export interface FollowFlags {
  readonly follow: boolean;
  readonly untilStuck: Nanos;
  readonly timeout: Nanos;
}

/** Whether and how far; nothing is followed unless it is said. */
export function followFlags(values: FlagValues): FollowFlags {
  return {
    follow: values.boolean('follow') ?? false,
    untilStuck: values.duration('until-stuck'),
    timeout: values.duration('timeout'),
  };
}

/** Throws a UsageError for flags that do not apply to a report on pods that are followed. */
export function refuseForFollow(values: FlagValues): void {
  if (values.boolean('redact') === true) {
    throw new UsageError('InvalidArguments', '--redact and --follow cannot be used together', {
      hint: `afterwards, ${programName()} show last --redact prints it with pseudonyms`,
    });
  }
  if (values.string('show-response') !== undefined) {
    throw new UsageError('InvalidArguments', '--show-response and --follow cannot be used together', {
      hint: 'with --follow the pods are shown instead of the response',
    });
  }
}

/** Throws a UsageError for --follow with --dry-run. */
export function refuseDryRun(isDry: boolean): void {
  if (!isDry) return;
  throw new UsageError('InvalidArguments', '--follow and --dry-run cannot be used together', {
    hint: 'with --dry-run nothing is stored, so no pod is created that could be followed',
  });
}
