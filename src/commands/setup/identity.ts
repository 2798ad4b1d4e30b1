import type { ConnectionFlags } from '../../connection.ts';
import { TRUSTED_GROUPS } from '../../control-plane/apiserver-tracing.ts';
import { isAtLeast, parseVersion, type Version } from '../../control-plane/version.ts';
import { ExitCode, TraceCommandError, UsageError } from '../../errors.ts';
import { identityOf, versionOf, versionRequest, type Identity } from '../../kube/api/identity.ts';
import { escapeText } from '../../render/escape.ts';
import type { Runtime } from '../../runtime.ts';
import { newSpanID } from '../../trace/ids.ts';
import { openTracedCluster } from '../../tracing/open-cluster.ts';
import type { SetupTask } from './arguments.ts';
import { certificateRequest } from './certificate-request.ts';
import { applyObjects, clusterRole, removeRole } from './cluster-objects.ts';
import { confirm } from './confirm.ts';
import { currentIdentity, selfSubjectReview } from './current-identity.ts';
import { kubeconfigList, machine, nextSteps, notGranted, tooOld, warning } from './identity-words.ts';
import { withCluster, type SetupCluster } from './setup-cluster.ts';
import { removeSigningRequest, signedCertificate, type SigningOrder } from './signing.ts';
import { grantName, grantRules, isMachine, tracerName } from './tracer-grant.ts';
import {
  readTracerFile,
  removeTracerFile,
  tracerFile,
  writeTracerFile,
  type Owner,
  type TracerFile,
} from './tracer-file.ts';

type IdentityTask = Extract<SetupTask, { readonly kind: 'identity' }>;

/** `setup identity`: a user whose trace context the API server accepts, and who may act as the current user alone. */
export async function setUpIdentity(
  task: IdentityTask,
  connection: ConnectionFlags,
  runtime: Runtime,
  version: string,
): Promise<ExitCode> {
  const file = tracerFile(task.name, connection, runtime);
  const existing = await readTracerFile(file.path);
  return withCluster(connection, runtime, version, async (cluster) => {
    const work = { task, connection, runtime, version, cluster, file };
    if (existing !== undefined) refuseOtherServer(existing, work);
    return task.undo ? undo(existing, work) : make(existing, work);
  });
}

interface Work {
  readonly task: IdentityTask;
  readonly connection: ConnectionFlags;
  readonly runtime: Runtime;
  readonly version: string;
  readonly cluster: SetupCluster;
  readonly file: TracerFile;
}

/** Replacing the file of another cluster would leave that one's grant without a way to find it. */
function refuseOtherServer(existing: Owner, { task, cluster, file }: Work): void {
  const { server } = cluster.cluster;
  if (existing.server === server) return;
  throw new UsageError('OtherCluster', `${file.path} is for ${existing.server}, and this is ${server}`, {
    hint: task.undo ? 'choose its cluster with --context' : ANOTHER_NAME,
  });
}

const ANOTHER_NAME = 'nothing was changed; give another name: --tracer-name NAME';

async function make(existing: Owner | undefined, work: Work): Promise<ExitCode> {
  const { task, runtime, cluster, connection, file } = work;
  const identity = await currentIdentity(cluster);
  const kubernetes = await kubernetesVersion(cluster);
  if (!isAtLeast(kubernetes, '1.33')) throw tooOld(kubernetes);
  const trusted = identity.groups.find((group) => (TRUSTED_GROUPS as readonly string[]).includes(group));
  if (trusted !== undefined) {
    runtime.out.write(
      `nothing to do: ${escapeText(identity.username)} is in ${trusted}, whose trace context is accepted\n`,
    );
    return ExitCode.ok;
  }
  if (isMachine(identity)) throw machine(identity);
  const grant = grantName(identity);
  if (existing !== undefined && existing.grant !== grant) {
    const problem = `${file.path} is for another user of ${existing.server} than ${identity.username}`;
    throw new UsageError('OtherUser', problem, { hint: ANOTHER_NAME });
  }
  runtime.err.write(
    `${warning(identity, work)
      .map((line) => escapeText(line))
      .join('\n')}\n`,
  );
  await confirm('Create and approve it?', task.yes, runtime);

  const tracer = tracerName(identity);
  const { key, request } = certificateRequest(tracer, ['system:monitoring']);
  const name = `${grant}-${newSpanID(runtime.random)}`;
  const seconds = Math.ceil(task.duration / 1e9);
  const certificate = await signOnce({ name, request, seconds }, cluster, runtime);
  const entry = { name: task.name, certificate, key, grant, server: cluster.cluster.server };
  try {
    await writeTracerFile(file.path, entry, connection, runtime);
    await grantAndVerify(identity, kubernetes, work);
  } catch (error) {
    // Half an identity is of no use, and its key should not stay.
    removeTracerFile(file.path);
    await removeRole(grant, cluster).catch(() => undefined);
    throw error;
  }
  const lines = nextSteps(certificate, identity, work).map((line) => escapeText(line));
  runtime.out.write(`${lines.join('\n')}\n`);
  return ExitCode.ok;
}

/** A certificate. Its request is removed: it has done its work. */
async function signOnce(order: SigningOrder, cluster: SetupCluster, runtime: Runtime): Promise<string> {
  try {
    return await signedCertificate(order, cluster, runtime);
  } finally {
    await removeSigningRequest(order.name, cluster).catch(() => false);
  }
}

/** Constrained impersonation may be off in 1.36 and later. A request decides, since no API says so to every user. */
async function grantAndVerify(identity: Identity, kubernetes: Version, work: Work): Promise<void> {
  const forms = isAtLeast(kubernetes, '1.36') ? (['constrained', 'impersonate'] as const) : (['impersonate'] as const);
  let failure: unknown;
  for (const form of forms) {
    const subject = { kind: 'User', name: tracerName(identity) } as const;
    await applyObjects(clusterRole(grantName(identity), grantRules(identity, form), subject), work.cluster);
    try {
      await verify(identity, work);
      return;
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

/** RBAC reaches each API server with its next watch event. */
const VERIFY_ATTEMPTS = 20;
const VERIFY_PAUSE_MILLIS = 250;

/** Sends a request as `--tracer-user` does. Rejects with the last failure. */
async function verify(identity: Identity, { connection, runtime, version, file, task }: Work): Promise<void> {
  const withFile = { ...runtime, env: { ...runtime.env, KUBECONFIG: kubeconfigList(file, runtime) } };
  const { kubeconfig: _, ...rest } = connection;
  const cluster = await openTracedCluster({ connection: rest, tracerUser: task.name }, withFile, version);
  try {
    for (let attempt = 1; ; attempt++) {
      const exchange = await selfSubjectReview(cluster, runtime);
      const seen = identityOf(exchange);
      if (seen?.username === identity.username) return;
      if (attempt < VERIFY_ATTEMPTS) await runtime.clock.sleep(VERIFY_PAUSE_MILLIS, runtime.interrupted);
      else throw notGranted(exchange.status);
    }
  } finally {
    cluster.close();
  }
}

async function undo(existing: Owner | undefined, { task, runtime, cluster, file }: Work): Promise<ExitCode> {
  const grant = existing?.grant ?? grantName(await currentIdentity(cluster));
  await confirm(
    `Remove the tracer ${task.name} from ${cluster.cluster.server} and from this machine?`,
    task.yes,
    runtime,
  );
  const removed = (await removeRole(grant, cluster)).map((kind) => `${kind} ${grant}`);
  if (existing !== undefined) {
    removeTracerFile(file.path);
    removed.push(file.path);
  }
  runtime.out.write(
    removed.length === 0
      ? 'nothing to remove\n'
      : `${removed.map((each) => `removed ${escapeText(each)}\n`).join('')}A copy of its certificate stays valid until it expires, with the rights of system:monitoring alone.\n`,
  );
  return ExitCode.ok;
}

async function kubernetesVersion({ read, objectOf }: SetupCluster): Promise<Version> {
  const exchange = await read(versionRequest());
  objectOf(exchange);
  const version = parseVersion(versionOf(exchange)?.gitVersion ?? '');
  if (version !== undefined) return version;
  throw new TraceCommandError(ExitCode.requestFailed, 'NoVersion', 'the server does not say which version it is');
}
