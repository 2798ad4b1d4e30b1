import type { FinishedLookup } from '../../backend/find/lookup.ts';
import type { LookupReport, Verdict } from '../../report/report.ts';
import type { Span } from '../../trace/span.ts';
import { nanos } from '../../trace/time.ts';
import type { PredictionResult } from './prediction.ts';
import type { TraceJudgement, Wanted } from './task.ts';
import { servedBy } from './served-by.ts';

/** Report of a request whose trace was not looked for. */
export const SKIPPED: LookupReport = {
  prediction: null,
  contextKept: null,
  traceID: null,
  foundBy: null,
  servedBy: null,
  verdict: 'skipped',
  expected: null,
  received: 0,
  missing: [],
  reasons: [],
  polls: 0,
  waitedNanos: nanos(0),
};

type Finished = FinishedLookup<TraceJudgement, Wanted>;

/** Look-up of one request, as the report has it. `found` is the part of its trace that the command did not record. */
export function lookupReport(
  lookup: Finished,
  found: readonly Span[],
  { prediction, instances }: Pick<PredictionResult, 'prediction' | 'instances'>,
): LookupReport {
  const analysis = lookup.judgement?.analysis;
  return {
    // Its trace is the evidence.
    prediction:
      analysis?.server?.contextKept === false && prediction === 're-rooted-unsampled'
        ? 're-rooted-sampled'
        : prediction,
    contextKept: analysis?.server?.contextKept ?? null,
    traceID: lookup.found?.traceID ?? null,
    foundBy: lookup.found?.foundBy ?? null,
    servedBy: servedBy(analysis?.server, instances),
    verdict: verdictOf(lookup),
    expected: analysis?.expected ?? null,
    // For a trace with spans of another server only: its received spans.
    received: analysis === undefined || analysis.server !== undefined ? (analysis?.received ?? 0) : found.length,
    missing: analysis?.missing ?? [],
    reasons: [...(lookup.cut === undefined ? [] : [cutReason(lookup.cut)]), ...(analysis?.doubts ?? [])],
    polls: lookup.polls,
    waitedNanos: lookup.waitedNanos,
  };
}

const cutReason = (message: string): LookupReport['reasons'][number] => ({
  code: 'backend-partial',
  message,
  spanIDs: [],
});

function verdictOf({ found, judgement, end, cut }: Finished): Verdict {
  if (found === null || judgement === null) return 'missing';
  // Whatever seems to be there: the backend knows that it is not all.
  if (cut !== undefined) return 'partial';
  if (end === 'complete' || end === 'settled') return end;
  return judgement.verdict === 'waiting' ? 'partial' : judgement.verdict;
}
