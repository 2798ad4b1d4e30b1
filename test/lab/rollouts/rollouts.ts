import { changedMeanwhile } from './scenarios/changed.ts';
import { failing } from './scenarios/failing.ts';
import { good } from './scenarios/good.ts';
import { otherKinds } from './scenarios/other-kinds.ts';
import type { Rollout } from './rollout.ts';

export const rollouts: readonly Rollout[] = [...good, ...failing, ...changedMeanwhile, ...otherKinds];
