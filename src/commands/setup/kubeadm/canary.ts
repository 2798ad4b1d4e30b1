import { join } from 'node:path';
import type { ConnectionFlags } from '../../../connection.ts';
import type { NodePlan } from '../../../control-plane/kubeadm/plan.ts';
import { ExitCode } from '../../../errors.ts';
import { counted } from '../../../format/counted.ts';
import { programName } from '../../../format/program-name.ts';
import { get } from '../../../kube/api/request.ts';
import { escapeText } from '../../../render/escape.ts';
import type { Report } from '../../../report/report.ts';
import type { Runtime } from '../../../runtime.ts';
import { openSession, type TracedInvocation } from '../../../tracing/session.ts';
import { nodeFiles } from './node-files.ts';
import { SUPER_ADMIN_KUBECONFIG } from './paths.ts';
import type { KubeadmTask } from './task.ts';

/** The request that shows whether the change works: it reads from etcd, and changes nothing. */
const CANARY = '/api/v1/namespaces/kube-system';

/**
 * Sends one traced request, looks up its trace, and prints what was found. It is sent as kubeadm's super admin where that
 * one's kubeconfig is here and no other was given, because the API server accepts the trace context of system:masters.
 * The node traces in any case: without a trace the exit code is 0, and the line says why.
 */
export async function sendCanary(
  {
    task,
    connection,
    plan,
  }: { readonly task: KubeadmTask; readonly connection: ConnectionFlags; readonly plan: NodePlan },
  runtime: Runtime,
  version: string,
): Promise<number> {
  const sender = await canaryConnection(task, connection, runtime);
  const invocation: TracedInvocation = {
    kind: 'setup',
    args: ['setup', 'kubeadm', '--apply'],
    connection: sender,
    lookup: { ...task.lookup, metrics: 'off', history: false },
    draw: { output: 'tree', color: 'never', ascii: false, redact: false, rows: NO_ROWS, remarks: false },
  };
  const session = await openSession(invocation, { standardInput: 'free' }, runtime, version);
  try {
    const sent = await session.record(async ({ recorder }) => {
      await recorder.send(get('request', CANARY, 'application/json'));
    });
    runtime.out.write(`${escapeText(words(await session.buildReport(sent), plan))}\n`);
  } finally {
    await session.close();
  }
  return ExitCode.ok;
}

const NO_ROWS = { errors: false, noInferred: false, full: false } as const;

/** The outcome of the canary, in one line. */
function words({ analysis, backend, error }: Report, { pods }: NodePlan): string {
  const reported = (analysis?.trace.spans ?? []).filter(({ span }) => !('source' in span));
  const counts = ['apiserver', 'etcd'].map(
    (service) => [service, reported.filter(({ span }) => span.resource.service === service).length] as const,
  );
  const found = counts.filter(([, count]) => count > 0);
  if (found.length === 0) {
    return `canary: no trace found: ${error?.message ?? 'the backend has none'}${error?.hint == null ? '' : `; ${error.hint}`}`;
  }
  const missing = pods.length > 1 && found.length < counts.length ? '; none of etcd yet' : '';
  const each = found.map(([service, count]) => `${counted(count, 'span')} of ${service}`).join(', ');
  return `canary: ${each} in ${backend?.kind ?? 'the backend'}${missing}; see ${programName()} get nodes`;
}

async function canaryConnection(
  { connection: given, rootfs }: KubeadmTask,
  connection: ConnectionFlags,
  { env }: Runtime,
): Promise<ConnectionFlags> {
  if (given.kubeconfig !== undefined || env['KUBECONFIG']) return connection;
  const hasSuper = await nodeFiles(rootfs)
    .read(SUPER_ADMIN_KUBECONFIG)
    .then((file) => file !== undefined)
    .catch(() => false);
  return hasSuper
    ? { ...connection, kubeconfig: join(rootfs === '' ? '/' : rootfs, SUPER_ADMIN_KUBECONFIG) }
    : connection;
}
