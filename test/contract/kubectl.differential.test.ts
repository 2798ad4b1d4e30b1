import { after, before, suite, test } from 'node:test';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { ExtensionServer } from '../support/extension-server.ts';
import { Comparison } from './differential/comparison.ts';
import { ENCODED_FILES, ENCODING_CASES } from './differential/encoding-cases.ts';
import { FLAG_CASES } from './differential/flag-cases.ts';
import { GET_CASES } from './differential/get-cases.ts';
import { createObjects } from './differential/objects.ts';
import { FILES, WRITE_CASES } from './differential/write-cases.ts';

/** kubectl itself says what is to be sent and printed: both programs work through a proxy, on the same answers. */
const cluster = sharedCluster();
const extension = new ExtensionServer();
let comparison: Comparison;

suite('output is the same as from kubectl', () => {
  before(async () => {
    await Promise.all([createObjects(cluster()), extension.start(cluster())]);
    comparison = await Comparison.start(cluster(), { ...FILES, ...ENCODED_FILES });
  });
  after(async () => {
    await comparison?.stop();
    await extension.stop();
  });

  for (const [what, cases] of [
    ['reading', GET_CASES],
    ['writing', WRITE_CASES],
    ['flags', FLAG_CASES],
    ['files of Windows', ENCODING_CASES],
  ] as const) {
    suite(what, () => {
      for (const one of cases) test(one.args, () => comparison.check(one));
    });
  }
});
