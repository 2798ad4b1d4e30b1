import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestNode } from '../cluster/node/node.ts';
import { EpochClock } from '../record/clock.ts';
import { Seen, type OwnerReference } from './seen.ts';
import type { Moment, Story, StoryObject } from './story.ts';

/** The object that a user would name. */
export interface Subject extends OwnerReference {
  readonly namespace: string;
  /** Path of this object in the API. */
  readonly path: string;
}

/**
 * How the subject was created. The trace context of this caller is accepted. Instants are nanoseconds since the Unix
 * epoch.
 */
export interface Creation {
  readonly method: 'POST';
  readonly path: string;
  readonly traceID: string;
  readonly spanID: string;
  readonly start: string;
  readonly end: string;
}

export interface Told {
  readonly subject: Subject;
  readonly request: Creation;
  /** Undoes what reaches beyond the story's namespace. The objects stay: they are of a cluster that ends as a whole. */
  readonly end: () => Promise<void>;
}

const patienceMillis = 120_000;

/** Brings a story's subject into being, and does with it what the story says. Its moments are then waited for one by one. */
export async function tell(node: TestNode, story: Story): Promise<Told> {
  await create(node, { path: '/api/v1/namespaces', object: { metadata: { name: story.name } } });
  // The controller manager makes both, and no pod starts without.
  await untilThere(node, `/api/v1/namespaces/${story.name}/serviceaccounts/default`);
  await untilThere(node, `/api/v1/namespaces/${story.name}/configmaps/kube-root-ca.crt`);
  for (const each of story.before ?? []) await create(node, each);
  const end = (await story.prepare?.(node)) ?? (() => Promise.resolve());
  try {
    const { subject, request } = await createSubject(node, story);
    if (story.afterwards !== undefined) {
      await until(node, story, 'what comes before its act', story.afterwards.when);
      await story.afterwards.act(node);
    }
    return { subject, request, end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Resolves at that moment of a running story. */
export async function untilMoment(node: TestNode, story: Story, { name, when, lasting = 0 }: Moment): Promise<void> {
  await until(node, story, `its moment ${name}`, when);
  if (lasting === 0) return;
  await sleep(lasting * 1000);
  if (!when(await Seen.in(node.cluster, story.name))) {
    throw new Error(`the story ${story.name} did not stay at its moment ${name}`);
  }
}

/**
 * The result of `look` at a moment that did not change from its begin to its end: a container that restarts in between
 * would be another state, and not a mistake of the program.
 */
export async function during<Found>(
  node: TestNode,
  story: Story,
  moment: Moment,
  look: () => Promise<Found>,
): Promise<Found> {
  for (;;) {
    await untilMoment(node, story, moment);
    const before = (await Seen.in(node.cluster, story.name)).restarts();
    const found = await look();
    const after = await Seen.in(node.cluster, story.name);
    if (moment.when(after) && after.restarts() === before) return found;
  }
}

async function until(node: TestNode, story: Story, what: string, holds: (seen: Seen) => boolean): Promise<void> {
  const deadline = performance.now() + patienceMillis;
  for (;;) {
    const seen = await Seen.in(node.cluster, story.name);
    if (holds(seen)) return;
    if (performance.now() > deadline) {
      throw new Error(
        `the story ${story.name} does not come to ${what}: ${JSON.stringify(seen.pods.map(({ status }) => status))}`,
      );
    }
    await sleep(200);
  }
}

async function createSubject(node: TestNode, { name, subject }: Story): Promise<Pick<Told, 'subject' | 'request'>> {
  const [traceID, spanID] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
  const clock = new EpochClock();
  const start = String(clock.now());
  const created = await create(node, subject, { traceparent: `00-${traceID}-${spanID}-01` });
  const { apiVersion, kind, metadata } = JSON.parse(created) as {
    apiVersion: string;
    kind: string;
    metadata: { name: string; uid: string };
  };
  return {
    subject: {
      apiVersion,
      kind,
      namespace: name,
      name: metadata.name,
      uid: metadata.uid,
      path: `${subject.path}/${metadata.name}`,
    },
    request: { method: 'POST', path: subject.path, traceID, spanID, start, end: String(clock.now()) },
  };
}

async function create(
  { cluster }: TestNode,
  { path, object }: StoryObject,
  headers: Record<string, string> = {},
): Promise<string> {
  const { status, body } = await cluster.call('POST', path, { body: object, headers });
  if (status !== 201) throw new Error(`POST ${path}: ${status} ${body}`);
  return body;
}

async function untilThere({ cluster }: TestNode, path: string): Promise<void> {
  const deadline = performance.now() + patienceMillis;
  while ((await cluster.call('GET', path)).status !== 200) {
    if (performance.now() > deadline) throw new Error(`${path} does not exist`);
    await sleep(100);
  }
}
