import type { Instant } from './fields.ts';
import type { PodObject } from './objects.ts';
import type { Progress } from './progress.ts';
import type { Stage } from './stage.ts';

/** The stage that a pod with a node is in by what has been done so far, and since when. */
export function nextStage(pod: PodObject, progress: Progress): readonly [stage: Stage, since: Instant] {
  const { created, scheduled, sandbox, initialized, started, startedUp } = progress;
  if (startedUp !== undefined) return ['Readiness', startedUp.at];
  if (started !== undefined) return ['Startup', started.at];
  if (sandbox === undefined) return ['Sandbox', (scheduled ?? created).at];
  const init = pod.containers.some((container) => container.init) && initialized === undefined;
  return init ? ['InitContainers', sandbox.at] : ['ContainerCreate', (initialized ?? sandbox).at];
}
