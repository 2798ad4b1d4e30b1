import { ExitCode, TraceCommandError, UsageError } from '../../errors.ts';
import { programName, programPart } from '../../format/program-name.ts';
import { shell, shellWord } from '../../format/shell-command.ts';
import type { Version } from '../../control-plane/version.ts';
import type { Identity } from '../../kube/api/identity.ts';
import type { Runtime } from '../../runtime.ts';
import type { SetupTask } from './arguments.ts';
import type { SetupCluster } from './setup-cluster.ts';
import { tracerName } from './tracer-grant.ts';
import { expiryOf, type TracerFile } from './tracer-file.ts';

/** Values in the sentences. */
interface Words {
  readonly task: Extract<SetupTask, { readonly kind: 'identity' }>;
  readonly runtime: Pick<Runtime, 'platform'>;
  readonly cluster: SetupCluster;
  readonly file: TracerFile;
}

export const warning = (identity: Identity, { task, cluster, file }: Words): readonly string[] => [
  `This makes a second user for you on ${cluster.cluster.server}:`,
  `  ${tracerName(identity)} in the group system:monitoring, for ${Math.round(task.duration / 60e9)} minutes at most`,
  `  it may act as ${identity.username} with your groups, and as no other user`,
  `  it may read /metrics, /healthz, /livez and /readyz, as every member of system:monitoring`,
  `Its key is made here and stored in ${file.path} (0600). Every process that can read this file can act as you until the certificate expires: Kubernetes cannot revoke a certificate, but --undo removes its permissions.`,
];

export function nextSteps(certificate: string, identity: Identity, { task, file, runtime }: Words): readonly string[] {
  return [
    `wrote ${file.path}, valid until ${expiryOf(certificate)}`,
    `verified: ${task.name} acts as ${identity.username}`,
    'next:',
    `  export KUBECONFIG=${shellWord(kubeconfigList(file, runtime))}`,
    `  export KUBECTL_TRACE_TRACER_USER=${task.name}`,
    `  ${programName()} get nodes`,
    `undo: ${shell`${programPart()} setup identity --tracer-name ${task.name} --undo`}`,
  ];
}

export const kubeconfigList = ({ own, path }: TracerFile, { platform }: Pick<Runtime, 'platform'>): string =>
  [...own, path].join(platform.path.delimiter);

export const tooOld = ({ major, minor }: Version): UsageError =>
  new UsageError('NotAvailable', `Kubernetes ${major}.${minor} accepts trace context from no user`, {
    hint: `it is accepted from 1.33 on; until then raise the sampling rate: ${programName()} setup`,
  });

export const machine = ({ username }: Identity): UsageError =>
  new UsageError('NotAvailable', `setup identity is for users, and you are ${username}`, {
    hint: 'run it as the user of a person: --context or --user',
  });

export const notGranted = (status: number | null): TraceCommandError =>
  new TraceCommandError(
    ExitCode.requestFailed,
    'NotGranted',
    `a request through the new user failed (HTTP ${status})`,
    {
      hint: 'another authorizer may refuse impersonation; nothing was left behind',
    },
  );
