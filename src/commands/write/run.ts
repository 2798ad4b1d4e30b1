import { readsStandardInput } from '../../cli/input.ts';
import type { Exchange } from '../../kube/http/exchange.ts';
import { isObject, parseJSON } from '../../kube/json.ts';
import { readManifestFiles } from '../../kube/manifest/read.ts';
import { resolveTargets, type ManifestTarget } from '../../kube/manifest/targets.ts';
import {
  applyRequest,
  createRequest,
  readRequest,
  replaceRequest,
  withResourceVersion,
} from '../../kube/api/write-request.ts';
import type { Runtime } from '../../runtime.ts';
import { objectLine } from '../../kube/print/outcome-line.ts';
import type { ResponseHandling } from '../../tracing/recorder.ts';
import { openSession, type Sending } from '../../tracing/session.ts';
import type { ApplyInvocation, CreateInvocation, FilesInvocation, ReplaceInvocation } from './arguments.ts';

/** `create -f`: a request for each object. One that fails does not keep the others from being sent. */
export function runCreate(invocation: CreateInvocation, runtime: Runtime, version: string): Promise<number> {
  const { write } = invocation;
  return traceFiles(invocation, runtime, version, async (targets, { recorder }) => {
    const requests = targets.map((target) => createRequest(target, write));
    for (const [index, target] of targets.entries()) {
      await recorder.send(requests[index]!, handlingOf('created', 'creating', target, write.dryRun));
    }
  });
}

/** `apply --server-side -f`. A client-side apply is kubectl's. */
export function runApply(invocation: ApplyInvocation, runtime: Runtime, version: string): Promise<number> {
  const { write, forceConflicts } = invocation;
  return traceFiles(invocation, runtime, version, async (targets, { recorder }) => {
    const requests = targets.map((target) => applyRequest(target, { ...write, forceConflicts }));
    for (const [index, { type }] of targets.entries()) {
      await recorder.send(requests[index]!, { type, outcome: objectLine('serverside-applied', write.dryRun) });
    }
  });
}

/** `replace -f`: an object without a version gets the one that is there, which has to be read first, as kubectl does. */
export function runReplace(invocation: ReplaceInvocation, runtime: Runtime, version: string): Promise<number> {
  const { write } = invocation;
  return traceFiles(invocation, runtime, version, async (targets, { recorder }) => {
    // Whatever cannot be sent is found before anything is.
    for (const target of targets) replaceRequest(target, write);
    for (const target of targets) {
      const own = isObject(target.object['metadata']) ? target.object['metadata']['resourceVersion'] : undefined;
      let { object } = target;
      if (own === undefined || own === '') {
        // When it cannot be read, the server says about the replacement why not.
        const response = await recorder.send(readRequest(target), { ignoreFailure: true });
        object = withResourceVersion(object, versionOf(response));
      }
      const request = replaceRequest({ ...target, object }, write);
      await recorder.send(request, handlingOf('replaced', 'replacing', target, write.dryRun));
    }
  });
}

function versionOf({ status, body }: Exchange): string | undefined {
  const response = status === 200 ? parseJSON(body) : undefined;
  const metadata = isObject(response) && isObject(response['metadata']) ? response['metadata'] : {};
  const { resourceVersion } = metadata;
  return typeof resourceVersion === 'string' ? resourceVersion : undefined;
}

/** kubectl pkg/cmd/util/helpers.go, AddSourceToErr. */
const handlingOf = (
  outcome: string,
  doing: string,
  { source, type }: ManifestTarget,
  dryRun: boolean,
): ResponseHandling => ({
  type,
  outcome: objectLine(outcome, dryRun),
  failed: `error when ${doing} ${JSON.stringify(source)}: `,
});

/** Reads the files, sends a request for each object and, with --follow, follows the pods that are created. */
async function traceFiles(
  invocation: FilesInvocation,
  runtime: Runtime,
  version: string,
  send: (targets: readonly ManifestTarget[], sending: Sending) => Promise<void>,
): Promise<number> {
  const standardInput = readsStandardInput(invocation) ? 'manifest' : 'free';
  const session = await openSession(invocation, { standardInput }, runtime, version);
  try {
    const manifests = await readManifestFiles(invocation.files, invocation.kind, runtime);
    const sent = await session.record(async (sending) => {
      const { cluster, recorder, cache } = sending;
      const namespaceOptions = { namespace: cluster.namespace, enforced: Boolean(invocation.connection.namespace) };
      await send(await resolveTargets(manifests, namespaceOptions, { send: recorder.send, cache }), sending);
    });
    if ('follow' in invocation && invocation.follow.follow && sent.failure === undefined) {
      const { followCreated } = await import('../pod/follow-created.ts');
      const exitCode = await followCreated(session, sent, invocation.follow);
      if (exitCode !== undefined) return exitCode;
    }
    const separator = await session.printResponse(sent, async (context) =>
      (await import('./response.ts')).writeResponse(invocation, context),
    );
    const report = await session.buildReport(sent);
    return await session.publish(report, separator);
  } finally {
    await session.close();
  }
}
