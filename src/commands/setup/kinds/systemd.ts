import type { MakePlan, PlanInput } from '../plan.ts';
import {
  apiserverFlags,
  configurationText,
  etcdFlags,
  etcdNotes,
  gateNotes,
  nodeSteps,
  TRACING_FILE,
  undoNodeSteps,
} from './common.ts';

const ETCD_DROP_IN = '/etc/systemd/system/etcd.service.d/tracing.conf';

/** kube-apiserver and etcd as services of systemd. */
export const systemd: MakePlan = (input) => ({
  steps: [
    {
      title: 'On each control-plane node, as root: the file that kube-apiserver reads, and the settings of etcd',
      files: [
        { path: TRACING_FILE, text: configurationText(input) },
        ...(input.etcd === undefined ? [] : [{ path: ETCD_DROP_IN, text: etcdDropIn(input) }]),
      ],
      notes: etcdNotes(input),
    },
    {
      title: 'On each control-plane node, one after the other: the flags of kube-apiserver, and a restart of both',
      merge: {
        path: 'ExecStart of kube-apiserver.service',
        text: `${apiserverFlags(input)
          .map(([name, value]) => `--${name}=${value}`)
          .join(' ')}\n`,
      },
      commands: [
        'systemctl edit --full kube-apiserver',
        'systemctl daemon-reload',
        `systemctl restart${input.etcd === undefined ? '' : ' etcd'} kube-apiserver`,
      ],
      notes: gateNotes(input),
    },
    ...nodeSteps(input),
  ],
  undo: [
    {
      title: 'On each control-plane node, one after the other: remove the flags again',
      commands: [
        'systemctl edit --full kube-apiserver',
        `rm -f ${ETCD_DROP_IN} ${TRACING_FILE}`,
        'systemctl daemon-reload',
        `systemctl restart${input.etcd === undefined ? '' : ' etcd'} kube-apiserver`,
      ],
    },
    ...undoNodeSteps(input),
  ],
});

/** etcd reads each flag from the environment too: `--data-dir` is ETCD_DATA_DIR (pkg/flags/flag.go). */
export const etcdDropIn = (input: PlanInput): string =>
  `[Service]\n${etcdFlags(input)
    .map(([name, value]) => `Environment=ETCD_${name.toUpperCase().replaceAll('-', '_')}=${value}\n`)
    .join('')}`;
