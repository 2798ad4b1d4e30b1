import type { Answer, Recording, Truth } from './fixture.ts';
import { traceIDs, type JaegerAnswers } from './jaeger.ts';

/** Stories whose traces are also stored in Jaeger's older format. */
const alsoInV1: readonly string[] = ['list', 'create'];

/** On the HTTP span: the first since Kubernetes 1.31 (otelhttp 0.53), the second before. */
const userAgentAttributes: readonly string[] = ['user_agent.original', 'http.user_agent'];

/** Everything that may show a request's spans. */
export function questionsAbout(jaeger: JaegerAnswers, truth: Truth): (() => Promise<Answer<string>>)[] {
  return [
    () => jaeger.byIDv3(truth.traceID),
    () => jaeger.search(truth, 'audit-id', truth.auditID),
    ...userAgentAttributes.map((name) => () => jaeger.search(truth, name, truth.userAgent)),
  ];
}

/** Every response about a request's trace: by the trace ID sent and, if that is unknown, by its other keys. */
export async function lookUp(
  jaeger: JaegerAnswers,
  truth: Truth,
): Promise<{ found: Recording['found']; answers: Answer<string>[] }> {
  const inV1 = alsoInV1.includes(truth.story);
  const own = await jaeger.byIDv3(truth.traceID);
  const byAuditID = await jaeger.search(truth, 'audit-id', truth.auditID);
  const answers = [own, ...(inV1 ? [await jaeger.byIDv1(truth.traceID), byAuditID] : [])];
  if (own.status === 200) return { found: { by: 'trace-id', traceID: truth.traceID }, answers };
  let by: 'audit-id' | 'user-agent' = 'audit-id';
  let [traceID, ...others] = traceIDs(byAuditID);
  if (traceID === undefined) {
    by = 'user-agent';
    const found = await Promise.all(userAgentAttributes.map((name) => jaeger.search(truth, name, truth.userAgent)));
    [traceID, ...others] = found.flatMap(traceIDs);
  }
  if (others.length > 0) throw new Error(`${truth.context}-${truth.story}: ${by} belongs to several traces`);
  if (traceID === undefined) return { found: null, answers };
  answers.push(await jaeger.byIDv3(traceID), ...(inV1 ? [await jaeger.byIDv1(traceID)] : []));
  return { found: { by, traceID }, answers };
}
