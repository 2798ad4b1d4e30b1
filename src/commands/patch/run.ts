import type { PatchInvocation } from './arguments.ts';
import { UsageError, type ExitCode } from '../../errors.ts';
import { resolveNamedTypes } from '../../kube/api/discovery.ts';
import { isObject, parseJSON } from '../../kube/json.ts';
import { looksLikeJSON, parseDocuments } from '../../kube/manifest/documents.ts';
import { encodeObject } from '../../kube/api/object-json.ts';
import { patchRequest } from '../../kube/api/write-request.ts';
import type { Runtime } from '../../runtime.ts';
import { objectLine } from '../write/outcome.ts';
import { readSource } from '../raw/run.ts';
import { traceRequests } from '../../tracing/trace-requests.ts';

/** `patch`: a request for each name. kubectl reads the object before, to tell whether anything changed; nothing else needs that. */
export function runPatch(invocation: PatchInvocation, runtime: Runtime, version: string): Promise<ExitCode> {
  const { names, write, patchType, subresource, forceConflicts } = invocation;
  return traceRequests(
    invocation,
    async () => {
      const patch = await readPatch(invocation, runtime);
      return async ({ cluster, journal, types: source }) => {
        const typed = names.map(({ type }) => type);
        const types = await resolveNamedTypes(typed, source);
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
          await journal.send(request, { type: types[index]!, outcome: objectLine('patched', dryRun) });
        }
      };
    },
    runtime,
    version,
  );
}

/**
 * What begins with a brace is JSON and sent as it was written; anything else is YAML, and sent as the JSON that it means,
 * as kubectl does. Rejects with a UsageError for what cannot be a patch.
 */
async function readPatch({ patch, patchType }: PatchInvocation, runtime: Runtime): Promise<Uint8Array> {
  const bytes = await readSource(patch, runtime);
  const source = 'text' in patch ? 'the patch' : patch.file;
  const text = Buffer.from(bytes).toString('utf8');
  const documents = looksLikeJSON(text) ? [parseJSON(bytes)] : await parseDocuments(text, source);
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
    throw new UsageError('MalformedInput', `unable to parse ${source}: an apply patch says apiVersion and kind`, {
      hint: 'it is a whole object with the fields that you want to own: apiVersion, kind, metadata.name and these',
    });
  }
  return looksLikeJSON(text) ? bytes : Buffer.from(encodeObject(document).trimEnd());
}

const isWholeObject = (document: unknown): boolean =>
  isObject(document) && typeof document['apiVersion'] === 'string' && typeof document['kind'] === 'string';
