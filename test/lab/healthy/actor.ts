import type { TestCluster } from '../cluster/cluster.ts';
import type { StoryObject } from '../pods/story.ts';

const patchTypes = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
} as const;

/** Changes objects of one namespace, as a member of system:masters. A request that fails ends the scenario. */
export class Actor {
  readonly #cluster: TestCluster;
  /** The API's path of the subject. */
  readonly subject: string;
  /** The API's path of the namespace's pods. */
  readonly pods: string;

  constructor(cluster: TestCluster, namespace: string, subject: string) {
    this.#cluster = cluster;
    this.subject = subject;
    this.pods = `/api/v1/namespaces/${namespace}/pods`;
  }

  async create({ path, object }: StoryObject): Promise<void> {
    await this.#send('POST', path, object);
  }

  async patch(path: string, body: object, type: keyof typeof patchTypes = 'strategic'): Promise<void> {
    await this.#send('PATCH', path, body, { 'content-type': patchTypes[type] });
  }

  /** Changes the subject's spec. */
  async change(spec: object): Promise<void> {
    await this.patch(this.subject, { spec });
  }

  async delete(path: string, propagationPolicy = 'Background'): Promise<void> {
    await this.#send('DELETE', `${path}?propagationPolicy=${propagationPolicy}`);
  }

  async #send(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<void> {
    const response = await this.#cluster.call(method, path, { headers, ...(body !== undefined && { body }) });
    if (response.status >= 300) throw new Error(`${method} ${path}: ${response.status} ${response.body}`);
  }
}
