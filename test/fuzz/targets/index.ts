import type { Target } from '../engine/target.ts';
import { LOGS } from './apiserver-logs.ts';
import { BACKENDS } from './backends.ts';
import { CLUSTER } from './cluster.ts';
import { DECODERS } from './decoders.ts';
import { FILES } from './files.ts';
import { METRICS } from './metrics.ts';
import { PODS } from './pods.ts';
import { RECEIVER } from './receiver.ts';
import { TEXTS_OF_CLUSTERS } from './text.ts';

/**
 * Everything that reads what others wrote. A reader of a new format is one entry here, with a corpus
 * in test/fixtures/fuzz/NAME.
 */
export const TARGETS: readonly Target[] = [
  ...DECODERS,
  ...BACKENDS,
  ...FILES,
  METRICS,
  ...LOGS,
  ...PODS,
  ...TEXTS_OF_CLUSTERS,
  ...RECEIVER,
  ...CLUSTER,
];
