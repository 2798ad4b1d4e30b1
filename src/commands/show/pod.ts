import type { ShowInvocation } from './arguments.ts';
import { readPodDocument } from '../../report/document/pod-report.ts';
import type { Runtime } from '../../runtime.ts';
import { ofEarlier } from '../../tracing/output.ts';
import { openPodOutput, publishPods, shownPods } from '../pod/output.ts';

/** A pod's life that was stored or read, as it was then: nothing is looked up again. Resolves with its command's exit code. */
export async function showPods(document: unknown, { draw }: ShowInvocation, runtime: Runtime): Promise<number> {
  const output = ofEarlier(openPodOutput(draw, runtime), draw.output);
  return publishPods(await shownPods(readPodDocument(document), draw, runtime), output, runtime);
}
