import { UsageError } from '../../errors.ts';
import type { Nanos } from '../../trace/time.ts';
import type { Flag } from '../flag.ts';
import type { FlagValues } from '../values.ts';

/** The flags of what follows a pod. */
export const FOLLOW_FLAGS: readonly Flag[] = [
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

/** Throws a UsageError for what cannot be told of pods. `command`: what was asked for that tells of them. */
export function refuseForPods(values: FlagValues, command: 'pod' | '--follow'): void {
  if (values.boolean('redact') === true) {
    throw new UsageError('InvalidArguments', `--redact and ${command} cannot be used together`, {
      hint: 'what is told of pods has no pseudonyms yet',
    });
  }
  if (command === '--follow' && values.string('show-response') !== undefined) {
    throw new UsageError('InvalidArguments', '--show-response and --follow cannot be used together', {
      hint: 'with --follow the pods are shown in place of the answer',
    });
  }
}
