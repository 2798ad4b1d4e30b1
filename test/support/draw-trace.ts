import { buildTrace } from '../../src/trace/build.ts';
import type { Span, SpanKind } from '../../src/trace/span.ts';
import { epochNanos } from '../../src/trace/time.ts';
import type { PlacedSpan, Trace } from '../../src/trace/trace.ts';
import { span } from './spans.ts';

/** When the first span of a drawing starts. */
const START = 1_795_478_400_000_000_001n;

/** Indentation, `NAME[@SERVICE][:KIND]`, the bar (a single `|` has no length), and a remark. */
const LINE = /^( *)([^ @:|]+)(?:@([^ :|]+))?(?::([a-z]+))?( +)(\|(?:-*\|)?)/;

/**
 * Spans from a timeline. A column is a nanosecond, and the first span starts at 0; deeper names are children. Names may
 * repeat.
 *
 *     list@apiserver:server  |----------------|
 *       range:client           |-----|
 *       range:client                 |----|        touches the first
 */
export function drawSpans(picture: string): Span[] {
  const spans: Span[] = [];
  const ancestors: { readonly indent: number; readonly id: string; readonly service: string }[] = [];
  let zero: number | undefined;
  for (const line of picture.split('\n')) {
    if (line.trim() === '') continue;
    const [before = '', indent = '', name = '', service, kind, , bar = ''] = LINE.exec(line) ?? [];
    if (bar === '') throw new Error(`not a span: ${line}`);
    const from = before.length - bar.length;
    zero ??= from;
    while ((ancestors.at(-1)?.indent ?? -1) >= indent.length) ancestors.pop();
    const parent = ancestors.at(-1);
    const id = (spans.length + 1).toString(16);
    const own = { indent: indent.length, id, service: service ?? parent?.service ?? 'apiserver' };
    spans.push(
      span({
        id,
        ...(parent === undefined ? {} : { parent: parent.id }),
        service: own.service,
        name,
        kind: (kind ?? 'internal') as SpanKind,
        start: epochNanos(START + BigInt(from - zero)),
        end: epochNanos(START + BigInt(from - zero + bar.length - 1)),
      }),
    );
    ancestors.push(own);
  }
  return spans;
}

export function drawTrace(picture: string): Trace {
  const trace = buildTrace(drawSpans(picture).map((one) => ({ span: one, source: 'span', inferred: false })));
  if (trace === undefined) throw new Error('an empty drawing');
  return trace;
}

/** The first span of a name. */
export function named(trace: Trace, name: string): PlacedSpan {
  const found = trace.spans.find(({ span: { name: own } }) => own === name);
  if (found === undefined) throw new Error(`no span ${name}`);
  return found;
}
