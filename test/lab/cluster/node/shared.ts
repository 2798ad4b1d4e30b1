import { after, afterEach, before } from 'node:test';
import type { ClusterOptions } from '../cluster.ts';
import { whyNoNode } from './machine.ts';
import { startNode, type TestNode } from './node.ts';

/** A node for the tests of a file. */
export interface SharedNode {
  /** For each test's options: why it cannot be run on this machine, or false. */
  readonly skip: string | false;
  /** The node, within a test. */
  readonly node: () => TestNode;
}

/**
 * One cluster with a node for all tests of a file, as `sharedCluster` is one without a node. If the machine cannot run
 * one, the tests are skipped and report why. With CI=true they fail, so that a run without them does not look complete.
 */
export async function sharedNode(options: ClusterOptions = {}): Promise<SharedNode> {
  const why = await whyNoNode();
  const required = process.env['CI'] === 'true';
  let node: TestNode | undefined;
  let failed = false;
  before(async () => {
    if (why === undefined || required) node = await startNode(options);
  });
  afterEach((test) => {
    if ('passed' in test && !test.passed) failed = true;
  });
  after(async () => {
    if (failed && node !== undefined) {
      process.stderr.write(`the test node's logs: ${await node.cluster.saveLogs()}\n`);
    }
    await node?.stop();
  });
  return {
    skip: why === undefined || required ? false : why,
    node: () => {
      if (node === undefined) throw new Error('the shared test node exists within tests only');
      return node;
    },
  };
}
