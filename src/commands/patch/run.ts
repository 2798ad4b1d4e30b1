import { readsStandardInput } from '../../cli/input.ts';
import { UsageError } from '../../errors.ts';
import { resolveNamedTypes } from '../../kube/api/discovery.ts';
import { encodeObject } from '../../kube/api/object-json.ts';
import { patchRequest } from '../../kube/api/write-request.ts';
import { isObject, parseJSON } from '../../kube/json.ts';
import { looksLikeJSON, parseDocuments } from '../../kube/manifest/documents.ts';
import { textWithMark } from '../../kube/manifest/files.ts';
import { readSource } from '../../kube/manifest/read.ts';
import { objectLine } from '../../kube/print/outcome-line.ts';
import type { Runtime } from '../../runtime.ts';
import { openSession, type Sending } from '../../tracing/session.ts';
import type { PatchInvocation } from './arguments.ts';

/**
 * `patch`: a request for each name. kubectl reads the object before that, to say whether anything changed; nothing else
 * needs it.
 */
export async function runPatch(invocation: PatchInvocation, runtime: Runtime, version: string): Promise<number> {
  const standardInput = readsStandardInput(invocation) ? 'manifest' : 'free';
  const session = await openSession(invocation, { standardInput }, runtime, version);
  try {
    const patch = await readPatch(invocation, runtime);
    const sent = await session.record((sending) => sendPatches(patch, invocation, sending));
    const separator = await session.printResponse(sent, async (context) =>
      (await import('./response.ts')).patchResponse(context),
    );
    const report = await session.buildReport(sent);
    return await session.publish(report, separator);
  } finally {
    await session.close();
  }
}

async function sendPatches(patch: Uint8Array, invocation: PatchInvocation, sending: Sending): Promise<void> {
  const { names, write, patchType, subresource, forceConflicts } = invocation;
  const { cluster, recorder } = sending;
  const typed = names.map(({ type }) => type);
  const types = await resolveNamedTypes(typed, sending.types);
  const { dryRun, fieldManager } = write;
  const options = {
    dryRun,
    fieldManager,
    type: patchType,
    forceConflicts,
    ...(subresource !== undefined && { subresource }),
  };
  const requests = names.map(({ name }, index) => {
    const type = types[index]!;
    return patchRequest({ type, namespace: type.namespaced ? cluster.namespace : null, name }, patch, options);
  });
  for (const [index, request] of requests.entries()) {
    await recorder.send(request, { type: types[index]!, outcome: objectLine('patched', dryRun) });
  }
}

/**
 * Text that begins with a brace is JSON and sent as it was written. Anything else is YAML, and sent as the equivalent
 * JSON, as kubectl does. Rejects with a UsageError for an invalid patch.
 */
async function readPatch({ patch, patchType }: PatchInvocation, runtime: Runtime): Promise<Uint8Array> {
  const bytes = await readSource(patch, runtime);
  const source = 'text' in patch ? 'the patch' : patch.file;
  // With a byte order mark it is YAML to kubectl in any case, and so is not sent as it was written.
  const marked = textWithMark(bytes, source);
  const text = marked ?? Buffer.from(bytes).toString('utf8');
  const isJSON = marked === undefined && looksLikeJSON(text);
  const documents = isJSON ? [parseJSON(bytes)] : await parseDocuments(text, source);
  const [document] = documents;
  const what = patchType === 'json' ? 'a list of operations' : 'an object';
  if (documents.length !== 1 || (patchType === 'json' ? !Array.isArray(document) : !isObject(document))) {
    throw new UsageError(
      'MalformedInput',
      `unable to parse ${source}: a ${patchType} patch is ${what}, in JSON or YAML`,
      {
        hint: 'nothing was sent',
      },
    );
  }
  if (patchType === 'apply' && !isWholeObject(document)) {
    throw new UsageError('MalformedInput', `unable to parse ${source}: an apply patch needs apiVersion and kind`, {
      hint: 'it is an object with apiVersion, kind, metadata.name and the fields that you want to own',
    });
  }
  return isJSON ? bytes : Buffer.from(encodeObject(document).trimEnd());
}

const isWholeObject = (document: unknown): boolean =>
  isObject(document) && typeof document['apiVersion'] === 'string' && typeof document['kind'] === 'string';
