import type { Nanos } from '../../trace/time.ts';
import type { Flag } from '../flag.ts';
import type { FlagValues } from '../values.ts';

/** The flags of what follows a pod. */
export const POD_FLAGS: readonly Flag[] = [
  {
    name: 'follow',
    type: 'boolean',
    group: 'follow',
    help: 'Go on until the pod is Ready, the workload is rolled out, either has ended or is stuck, or --timeout is over',
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
