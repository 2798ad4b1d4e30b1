import type { Target } from '../engine/target.ts';
import { BACKENDS } from './backends.ts';
import { CLUSTER } from './cluster.ts';
import { DECODERS } from './decoders.ts';
import { FILES } from './files.ts';
import { PODS } from './pods.ts';
import { RECEIVER } from './receiver.ts';
import { TEXTS_OF_CLUSTERS } from './text.ts';

/**
 * Everything that reads what others wrote. A reader of a new format (metrics, audit logs) is one entry here, with a corpus
 * in test/fixtures/fuzz/NAME.
 */
export const TARGETS: readonly Target[] = [
  ...DECODERS,
  ...BACKENDS,
  ...FILES,
  ...PODS,
  ...TEXTS_OF_CLUSTERS,
  ...RECEIVER,
  ...CLUSTER,
];
