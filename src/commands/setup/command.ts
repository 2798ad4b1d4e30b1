import { BASIC_FLAGS } from '../../cli/arguments.ts';
import { SETUP_KINDS } from '../../control-plane/possibilities.ts';
import { defineCommand } from '../command.ts';
import { parseSetup, type SetupInvocation } from './arguments.ts';
import { SETUP_FLAGS } from './flags.ts';
import { CANARY_FLAGS } from './kubeadm/arguments.ts';

/** `setup`. */
export const setup = defineCommand<SetupInvocation>({
  summary: 'Print how to switch tracing on in this cluster, and make what tracing needs',
  usage: [
    // One line of all kinds is wider than 80 columns.
    `setup [${SETUP_KINDS.slice(0, 5).join('|')}]`,
    `setup [${SETUP_KINDS.slice(5).join('|')}]`,
    'setup kubeadm --apply|--undo [--dry-run]',
    'setup backend jaeger|serve',
    'setup identity [--undo]',
    'setup metrics-reader [--apply|--undo]',
  ],
  examples: [
    ['Print how to switch tracing on in this cluster, and change nothing', 'setup'],
    [
      'The same for another cluster, with its collector',
      'setup k3s --kubernetes-version 1.33.1 --endpoint 10.0.0.5:4317',
    ],
    ['Switch tracing on, on a control-plane node of kubeadm as root', 'setup kubeadm --apply --endpoint 10.0.0.5:4317'],
    ['Run a small Jaeger in the cluster', 'setup backend jaeger | kubectl apply -f -'],
    ['Make a user whose trace context the API server accepts', 'setup identity'],
    ['Let your user read /metrics', 'setup metrics-reader --apply'],
  ],
  common: ['endpoint', 'sampling-rate', 'apply', 'undo', 'dry-run', 'yes'],
  flags: [...SETUP_FLAGS, ...CANARY_FLAGS, ...BASIC_FLAGS],
  parse: parseSetup,
  load: async () => (await import('./run.ts')).runSetup,
});
