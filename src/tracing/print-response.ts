import type { AnswerFormat } from '../cli/options/response.ts';
import type { RequestInvocation } from '../commands/invocation.ts';
import type { Cluster } from '../kube/http/exchange.ts';
import { terminalText } from '../render/escape.ts';
import type { Runtime } from '../runtime.ts';
import { answerOf } from './response.ts';
import type { Journal } from './recorder.ts';

/**
 * The answer, before the traces are looked for: nobody has to wait for it. Returns what separates it from what comes
 * next: "" when there was nothing to print.
 */
export function showAnswer(
  invocation: RequestInvocation,
  format: AnswerFormat,
  sent: { readonly cluster: Cluster; readonly journal: Journal; readonly hasFailed: boolean },
  runtime: Runtime,
): string {
  const { journal, cluster, hasFailed } = sent;
  const { clock, outTerminal } = runtime;
  const { out, note } = answerOf(invocation, { format, journal, namespace: cluster.namespace, clock, hasFailed });
  runtime.err.write(note);
  // kubectl leaves most control characters as they are; on a terminal none may act.
  runtime.out.write(terminalText(out, outTerminal));
  if (journal.isShown) return '\n';
  return out === '' ? '' : out.endsWith('\n') ? '\n' : '\n\n';
}
