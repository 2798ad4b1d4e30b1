import type { Nanos } from '../../trace/time.ts';
import type { Flag } from '../../cli/flag.ts';
import type { FlagValues } from '../../cli/values.ts';

/** The flags of what follows a pod. */
export const POD_FLAGS: readonly Flag[] = [
  {
    name: 'follow',
    type: 'boolean',
    group: 'follow',
    help: 'Follow until the pod is Ready, has ended or is stuck, or until `kubectl rollout status` would end; at most for --timeout',
  },
  {
    name: 'until-stuck',
    type: 'duration',
    group: 'follow',
    placeholder: 'DURATION',
    default: '60s',
    help: "A pod without progress for so long is stuck, by the object's own times; at once where Kubernetes says why",
  },
  {
    name: 'timeout',
    type: 'duration',
    group: 'follow',
    placeholder: 'DURATION',
    default: '5m',
    help: 'How long --follow goes on',
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
