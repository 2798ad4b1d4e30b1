import { after, afterEach, before } from 'node:test';
import { startCluster, type ClusterOptions, type TestCluster } from './cluster.ts';

/**
 * One cluster for all tests of a file: started before the first test, ended after the last. Call it once at the top of
 * the file, and the function that it returns within a test. When a test has failed, the cluster's logs are saved and
 * named.
 */
export function sharedCluster(options: ClusterOptions = {}): () => TestCluster {
  let cluster: TestCluster | undefined;
  let failed = false;
  before(async () => {
    cluster = await startCluster(options);
  });
  afterEach((test) => {
    if ('passed' in test && !test.passed) failed = true;
  });
  after(async () => {
    if (failed && cluster !== undefined) process.stderr.write(`the test cluster's logs: ${await cluster.saveLogs()}\n`);
    await cluster?.stop();
  });
  return () => {
    if (cluster === undefined) throw new Error('the shared test cluster exists within tests only');
    return cluster;
  };
}
