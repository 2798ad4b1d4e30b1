import { startNode, type TestNode } from '../cluster/node/node.ts';
import { defaultKubernetes } from '../cluster/versions.ts';
import { capture } from './capture.ts';
import { writeStory, type Snapshot, type Truth } from './fixture.ts';
import type { Story } from './story.ts';
import { tell, untilMoment } from './tell.ts';

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Records stories on one node, and returns how many failed. Stories that must run alone come last, one at a time. */
export async function record(stories: readonly Story[], signal: AbortSignal): Promise<number> {
  const node = await startNode({ signal });
  let failed = 0;
  const recordOne = async (story: Story): Promise<void> => {
    if (signal.aborted) return;
    try {
      await recordStory(node, story);
      say(`recorded ${story.name}`);
    } catch (error) {
      failed += 1;
      say(`error: ${story.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  try {
    await Promise.all(stories.filter(({ alone }) => alone !== true).map(recordOne));
    for (const story of stories.filter(({ alone }) => alone === true)) await recordOne(story);
    return failed;
  } finally {
    if (failed > 0) say(`the node's logs: ${await node.cluster.saveLogs()}`);
    await node.stop();
  }
}

async function recordStory(node: TestNode, story: Story): Promise<void> {
  const told = await tell(node, story);
  try {
    const snapshots = new Map<string, Snapshot>();
    for (const moment of story.moments) {
      await untilMoment(node, story, moment);
      snapshots.set(moment.name, await capture(node, told));
    }
    const { path: _, ...subject } = told.subject;
    const last = [...snapshots.values()].at(-1);
    const truth: Truth = {
      story: story.name,
      says: story.says,
      kubernetes: defaultKubernetes,
      subject,
      pods: last?.pods ?? [],
      node: isBound(last) ? node.name : null,
      request: told.request,
      snapshots: Object.fromEntries(
        story.moments.map(({ name, verdict }) => [name, { now: snapshots.get(name)!.now.toISOString(), verdict }]),
      ),
    };
    await writeStory(truth, snapshots);
  } finally {
    await told.end();
  }
}

function isBound(snapshot: Snapshot | undefined): boolean {
  return snapshot?.requests.some(({ path }) => path.startsWith('/api/v1/nodes/')) ?? false;
}
