import type { ShowInvocation } from './arguments.ts';
import { UsageError } from '../../errors.ts';
import { readPodDocument } from '../../report/document/pod-report.ts';
import type { Runtime } from '../../runtime.ts';
import { ofEarlier } from '../../tracing/output.ts';
import { openPodOutput, publishPods } from '../pod/output.ts';

/** A pod's life that was stored or read, as it was then: nothing is looked up again. Resolves with its command's exit code. */
export async function showPods(document: unknown, { draw }: ShowInvocation, runtime: Runtime): Promise<number> {
  if (draw.redact) {
    throw new UsageError('InvalidArguments', 'a PodTrace cannot be shown with --redact', {
      hint: 'only a RequestTrace can be printed with pseudonyms so far',
    });
  }
  const output = ofEarlier(openPodOutput(draw, runtime), draw.output);
  return publishPods(readPodDocument(document), output, runtime);
}
