import { admissionStories } from './stories/admission.ts';
import { configurationStories } from './stories/configuration.ts';
import { containerStories } from './stories/containers.ts';
import { imageStories } from './stories/images.ts';
import { nodeStories } from './stories/node.ts';
import { readyStories } from './stories/ready.ts';
import { schedulingStories } from './stories/scheduling.ts';
import { workloadStories } from './stories/workloads.ts';
import type { Story } from './story.ts';

/** Each way in which a pod gets on, or does not. */
export const stories: readonly Story[] = [
  ...readyStories,
  ...imageStories,
  ...containerStories,
  ...configurationStories,
  ...schedulingStories,
  ...admissionStories,
  ...workloadStories,
  ...nodeStories,
];
