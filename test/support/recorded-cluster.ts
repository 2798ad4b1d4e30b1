import { readFileSync } from 'node:fs';
import type { StoredObject } from './object-server.ts';
import { truthOf } from './recorded-pods.ts';

/** The cluster of a recorded story at one moment, for a server of objects. */
export interface RecordedCluster {
  readonly now: string;
  readonly namespace: string;
  readonly objects: readonly StoredObject[];
  readonly logs: Readonly<Record<string, string>>;
}

interface Response {
  readonly path: string;
  readonly status: number;
  readonly body: { readonly kind?: string; readonly items?: readonly StoredObject[] } | string;
}

/** Every object that the story's responses have, once. */
export function recordedCluster(story: string, snapshot: string): RecordedCluster {
  const { subject, snapshots } = truthOf(story);
  const file = new URL(`../fixtures/pods/${story}/${snapshot}/requests.json`, import.meta.url);
  const objects = new Map<string, StoredObject>();
  const logs: Record<string, string> = {};
  const add = (object: StoredObject): void => {
    const { namespace = '', name } = object.metadata;
    objects.set(`${object.kind} ${namespace}/${name}`, object);
  };
  for (const { path, status, body } of JSON.parse(readFileSync(file, 'utf8')) as Response[]) {
    if (status !== 200) continue;
    const { pathname, searchParams } = new URL(path, 'http://127.0.0.1');
    if (typeof body === 'string') {
      const pod = /\/pods\/([^/]+)\/log$/.exec(pathname)?.[1];
      const run = searchParams.get('previous') === 'true' ? 'previous' : 'current';
      logs[`${pod}/${searchParams.get('container')}/${run}`] = body;
    } else if (body.items === undefined) add(body as unknown as StoredObject);
    else for (const item of body.items) add({ ...item, kind: body.kind!.replace(/List$/, '') });
  }
  return { now: snapshots[snapshot]!.now, namespace: subject.namespace, objects: [...objects.values()], logs };
}
