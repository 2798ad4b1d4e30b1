import { ExitCode, TraceCommandError, UsageError } from '../../errors.ts';
import type { DiscoveryCache } from '../api/discovery-cache.ts';
import { discover, type Send } from '../api/discovery.ts';
import { isObject } from '../json.ts';
import type { ResourceType } from '../api/resource-type.ts';
import { apiVersionOf, type WrittenTarget } from '../api/write-request.ts';
import type { Manifest } from './documents.ts';

/** A manifest whose type is known, with its namespace filled in. */
export interface ManifestTarget extends WrittenTarget {
  readonly source: string;
}

export interface NamespaceOptions {
  readonly namespace: string;
  /** It was on the command line: then no object may name another. */
  readonly enforced: boolean;
}

/**
 * The target of each manifest. The server's types are requested once, and once more if the cache does not know a kind.
 * Rejects when a kind is unknown, before any manifest is sent; kubectl sends the others.
 */
export async function resolveTargets(
  manifests: readonly Manifest[],
  options: NamespaceOptions,
  { send, cache }: { readonly send: Send; readonly cache: DiscoveryCache },
): Promise<ManifestTarget[]> {
  const known = (types: readonly ResourceType[]): (ResourceType | undefined)[] =>
    manifests.map((each) => typeOf(each, types));
  let types = known((await cache.read()) ?? []);
  if (types.includes(undefined)) {
    const discovered = await discover(send);
    await cache.write(discovered.types);
    types = known(discovered.types);
  }
  return manifests.map((manifest, index) => {
    const type = types[index];
    if (type === undefined) throw unknownKind(manifest);
    return targetOf(manifest, type, options);
  });
}

const typeOf = ({ group, version, kind }: Manifest, types: readonly ResourceType[]): ResourceType | undefined =>
  types.find((type) => type.group === group && type.version === version && type.kind === kind);

function targetOf(manifest: Manifest, type: ResourceType, { namespace, enforced }: NamespaceOptions): ManifestTarget {
  const { source, object, name } = manifest;
  if (!type.namespaced) return { source, type, namespace: null, name, object };
  if (manifest.namespace !== '') {
    if (enforced && manifest.namespace !== namespace) {
      const [own, given] = [JSON.stringify(manifest.namespace), JSON.stringify(namespace)];
      throw new UsageError(
        'NamespaceMismatch',
        `the namespace from the provided object ${own} does not match the namespace ${given}. You must pass '--namespace=${manifest.namespace}' to perform this operation.`,
      );
    }
    return { source, type, namespace: manifest.namespace, name, object };
  }
  const metadata = isObject(object['metadata']) ? object['metadata'] : {};
  return { source, type, namespace, name, object: { ...object, metadata: { ...metadata, namespace } } };
}

function unknownKind({ source, kind, name, namespace, ...about }: Manifest): TraceCommandError {
  const [quotedName, quotedNamespace, quotedSource] = [name, namespace, source].map((text) => JSON.stringify(text));
  return new TraceCommandError(
    ExitCode.requestFailed,
    'UnknownKind',
    `resource mapping not found for name: ${quotedName} namespace: ${quotedNamespace} from ${quotedSource}: no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersionOf(about))}\nensure CRDs are installed first`,
    { hint: 'nothing was sent; kubectl api-resources lists the types that the server has' },
  );
}
