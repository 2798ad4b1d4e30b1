import { nodeRequest, nodesRequest } from '../../../kube/api/pod-requests.ts';
import { withLimit } from '../../../kube/api/request.ts';
import { missingNode, nodeOf, type NodeObject } from '../../../pod/node.ts';
import type { PodReader } from '../reader.ts';

/** Nodes are read one by one up to this number, and beyond it as a list. */
const MAX_SINGLE = 3;
const PAGES = 2;
const PAGE = 1000;
const WHAT = 'the nodes';

/** The nodes of many pods, to find those that are lost. Leases are not read: they only add a note to a verdict. */
export class SetNodes {
  readonly #reader: PodReader;
  readonly #known = new Map<string, NodeObject | undefined>();
  #isListed = false;

  constructor(reader: PodReader) {
    this.#reader = reader;
  }

  /** Reads those that are not known yet. */
  async read(names: ReadonlySet<string>): Promise<void> {
    const unknown = [...names].filter((name) => !this.#known.has(name));
    if (unknown.length === 0 || this.#isListed) return;
    if (this.#known.size + unknown.length <= MAX_SINGLE) {
      const nodes = await Promise.all(unknown.map((name) => this.#reader.optional(nodeRequest(name), WHAT)));
      for (const [index, name] of unknown.entries()) {
        this.#known.set(name, nodes[index] === null ? missingNode(name) : nodeOf(nodes[index], undefined));
      }
      return;
    }
    this.#isListed = true;
    const nodes = await this.#reader.list(withLimit(nodesRequest(), PAGE), WHAT, PAGES);
    for (const object of nodes) {
      const node = nodeOf(object, undefined);
      if (node !== undefined) this.#known.set(node.name, node);
    }
  }

  /** Undefined where it could not be read. */
  of(name: string | undefined): NodeObject | undefined {
    if (name === undefined) return undefined;
    const node = this.#known.get(name);
    if (node !== undefined || !this.#isListed) return node;
    // A complete list has every node that exists.
    return this.#reader.gaps.some(({ what }) => what === WHAT) ? undefined : missingNode(name);
  }
}
