import type { ShowInvocation } from './arguments.ts';
import type { Runtime } from '../../runtime.ts';
import { ofEarlier, openOutput } from '../../tracing/output.ts';
import { publish } from '../../tracing/publish.ts';
import { findSource, isNews } from './find.ts';
import { showPods } from './pod.ts';

/**
 * `kubectl trace show`: shows a trace again, or one that another client sent. Sends nothing to the cluster but, where
 * no backend is named, the requests that find one there.
 */
export async function runShow(invocation: ShowInvocation, runtime: Runtime, version: string): Promise<number> {
  const { draw, compare } = invocation;
  if (compare !== undefined) {
    const { showCompared } = await import('./compared.ts');
    return showCompared({ ...invocation, compare }, runtime, version);
  }
  const output = ofEarlier(openOutput(draw, runtime), draw.output);
  const found = await findSource(invocation, runtime, version);
  if ('pods' in found) return showPods(found.pods, invocation, runtime);
  const history = isNews(found, invocation);
  return publish(found, { output, history, redact: draw.redact, isEarlier: true }, runtime);
}
