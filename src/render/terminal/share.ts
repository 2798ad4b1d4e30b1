import type { Analysis } from '../../analysis/analyse.ts';
import type { ComponentTime } from '../../analysis/timing/component-time.ts';
import { formatShare } from '../../analysis/wording/percent.ts';

/** A share of the trace's duration, `44 %`; `-` where that is not known because its root has not ended. */
export const shareText = ({ trace }: Analysis, { share }: ComponentTime): string =>
  trace.root.ended ? formatShare(share) : '-';
