import type { Files } from '../../cli/input.ts';
import type { ApplyInvocation, CreateInvocation, ReplaceInvocation } from './arguments.ts';
import { UsageError, type ExitCode } from '../../errors.ts';
import type { Exchange } from '../../kube/http/exchange.ts';
import { isObject, parseJSON } from '../../kube/json.ts';
import { readManifests, type Manifest } from '../../kube/manifest/documents.ts';
import { readInputs } from '../../kube/manifest/files.ts';
import { resolveTargets, type ManifestTarget } from '../../kube/manifest/targets.ts';
import {
  applyRequest,
  createRequest,
  readRequest,
  replaceRequest,
  withResourceVersion,
} from '../../kube/api/write-request.ts';
import type { Runtime } from '../../runtime.ts';
import type { Errand } from '../../tracing/recorder.ts';
import { objectLine } from './outcome.ts';
import { traceRequests, type Sending } from '../../tracing/trace-requests.ts';

/** `create -f`: a request for each object. One that fails does not keep the others from being sent. */
export function runCreate(invocation: CreateInvocation, runtime: Runtime, version: string): Promise<ExitCode> {
  const { write } = invocation;
  return traceFiles(invocation, runtime, version, async (targets, { journal }) => {
    const requests = targets.map((target) => createRequest(target, write));
    for (const [index, target] of targets.entries()) {
      await journal.send(requests[index]!, errand('created', 'creating', target, write.dryRun));
    }
  });
}

/** `apply -f`: server-side apply, of which kubectl's own is the slower elder. */
export function runApply(invocation: ApplyInvocation, runtime: Runtime, version: string): Promise<ExitCode> {
  const { write, forceConflicts, serverSideIsExplicit } = invocation;
  if (!serverSideIsExplicit) {
    runtime.err.write(
      'note: this is a server-side apply, as of kubectl apply --server-side: one request for each object\n',
    );
  }
  return traceFiles(invocation, runtime, version, async (targets, { journal }) => {
    const requests = targets.map((target) => applyRequest(target, { ...write, forceConflicts }));
    for (const [index, { type }] of targets.entries()) {
      await journal.send(requests[index]!, { type, outcome: objectLine('serverside-applied', write.dryRun) });
    }
  });
}

/** `replace -f`: an object without a version gets the one that is there, which has to be read first, as kubectl does. */
export function runReplace(invocation: ReplaceInvocation, runtime: Runtime, version: string): Promise<ExitCode> {
  const { write } = invocation;
  return traceFiles(invocation, runtime, version, async (targets, { journal }) => {
    // Whatever cannot be sent is found before anything is.
    for (const target of targets) replaceRequest(target, write);
    for (const target of targets) {
      const own = isObject(target.object['metadata']) ? target.object['metadata']['resourceVersion'] : undefined;
      let { object } = target;
      if (own === undefined || own === '') {
        // When it cannot be read, the server says about the replacement why not.
        const answer = await journal.send(readRequest(target), { ignoreFailure: true });
        object = withResourceVersion(object, versionOf(answer));
      }
      const request = replaceRequest({ ...target, object }, write);
      await journal.send(request, errand('replaced', 'replacing', target, write.dryRun));
    }
  });
}

function versionOf({ status, body }: Exchange): string | undefined {
  const answer = status === 200 ? parseJSON(body) : undefined;
  const metadata = isObject(answer) && isObject(answer['metadata']) ? answer['metadata'] : {};
  const { resourceVersion } = metadata;
  return typeof resourceVersion === 'string' ? resourceVersion : undefined;
}

/** kubectl pkg/cmd/util/helpers.go, AddSourceToErr. */
const errand = (outcome: string, doing: string, { source, type }: ManifestTarget, dryRun: boolean): Errand => ({
  type,
  outcome: objectLine(outcome, dryRun),
  failed: `error when ${doing} ${JSON.stringify(source)}: `,
});

/** The objects of files, read before anything is sent. Rejects with a UsageError when there are none. */
export async function readFiles(files: Files, verb: string, runtime: Runtime): Promise<Manifest[]> {
  const inputs = await readInputs(files.names, files.recursive, runtime);
  const manifests = await Promise.all(inputs.map(({ text, source }) => readManifests(text, source)));
  const all = manifests.flat();
  if (all.length > 0) return all;
  throw new UsageError('NoObjects', `no objects passed to ${verb}`, { hint: 'the files are empty' });
}

function traceFiles(
  invocation: CreateInvocation | ApplyInvocation | ReplaceInvocation,
  runtime: Runtime,
  version: string,
  send: (targets: readonly ManifestTarget[], sending: Sending) => Promise<void>,
): Promise<ExitCode> {
  return traceRequests(
    invocation,
    async () => {
      const manifests = await readFiles(invocation.files, invocation.kind, runtime);
      return async (sending) => {
        const { cluster, journal, cache } = sending;
        const wish = { namespace: cluster.namespace, enforced: Boolean(invocation.connection.namespace) };
        await send(await resolveTargets(manifests, wish, { send: journal.send, cache }), sending);
      };
    },
    runtime,
    version,
  );
}
