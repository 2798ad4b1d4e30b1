import { isObject } from '../../kube/json.ts';
import { leaseRequest, logRequest, nodeRequest, ownerRequest } from '../../kube/api/pod-requests.ts';
import type { LogTail, OwnerObject } from '../../pod/pod-snapshot.ts';
import { missingNode, nodeOf, type NodeObject } from '../../pod/node.ts';
import { ownerOf } from '../../pod/owner.ts';
import type { PodLifecycle } from '../../pod/lifecycle.ts';
import type { PodReader } from './reader.ts';

/** Deployment over ReplicaSet, CronJob over Job: no chain is longer. */
const MAX_CHAIN = 4;

/** The objects around pods, each read once: what owns them, and, again and again, the node that they are on. */
export class RelatedObjects {
  readonly #reader: PodReader;
  readonly #owners = new Map<string, Promise<unknown>>();

  constructor(reader: PodReader) {
    this.#reader = reader;
  }

  async node(name: string): Promise<NodeObject | undefined> {
    const [node, lease] = await Promise.all([
      this.#reader.optional(nodeRequest(name), 'the node'),
      this.#reader.optional(leaseRequest(name), "the node's lease"),
    ]);
    return node === null ? missingNode(name) : nodeOf(node, lease);
  }

  /** From the nearest owner up. */
  async owners(pod: unknown): Promise<readonly OwnerObject[]> {
    const chain: OwnerObject[] = [];
    let below = pod;
    while (chain.length < MAX_CHAIN) {
      const object = await this.#ownerOf(below);
      const owner = ownerOf(object);
      if (owner === undefined) break;
      chain.push(owner);
      below = object;
    }
    return chain;
  }

  async #ownerOf(object: unknown): Promise<unknown> {
    const metadata = isObject(object) && isObject(object['metadata']) ? object['metadata'] : {};
    const references = Array.isArray(metadata['ownerReferences']) ? metadata['ownerReferences'] : [];
    const reference: unknown =
      references.find((item) => isObject(item) && item['controller'] === true) ?? references[0];
    if (!isObject(reference)) return undefined;
    const { apiVersion, kind, name, uid } = reference;
    const { namespace } = metadata;
    if (![apiVersion, kind, name, uid, namespace].every((item) => typeof item === 'string')) return undefined;
    const known = this.#owners.get(uid as string);
    if (known !== undefined) return known;
    const request = ownerRequest(apiVersion as string, kind as string, namespace as string, name as string);
    const read =
      request === undefined ? Promise.resolve(undefined) : this.#reader.optional(request, 'the owners of the pod');
    this.#owners.set(uid as string, read);
    return read;
  }

  /** The last lines of a container that ended with an error; no lines where the lifecycle does not need them. */
  async logs({ verdict, namespace, name }: PodLifecycle): Promise<readonly LogTail[]> {
    const wanted = verdict.cause?.log;
    if (wanted === undefined) return [];
    const { container, previous } = wanted;
    const read = async (before: boolean): Promise<readonly string[]> => {
      const request = logRequest(namespace, name, container, before);
      const text = (await this.#reader.text(request, 'the logs of containers')) ?? '';
      return GONE.test(text) ? [] : text.split('\n').filter((line) => line !== '');
    };
    const lines = await read(previous);
    // The container may have been started again, or its log removed, since the pod was read.
    const found = lines.length > 0 ? lines : await read(!previous);
    return found.length === 0 ? [] : [{ container, lines: found.slice(-MAX_LINES) }];
  }
}

/** The kubelet's response when the runtime has removed a container: a normal response, with status 200. */
const GONE = /^unable to retrieve container logs for /;

const MAX_LINES = 3;
