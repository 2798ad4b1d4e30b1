import type { Flag } from '../flag.ts';

/** The flags of what follows a pod. */
export const POD_FLAGS: readonly Flag[] = [
  {
    name: 'follow',
    type: 'boolean',
    group: 'follow',
    help: 'Go on until the pod is Ready or has succeeded, is stuck, or --timeout is over',
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
