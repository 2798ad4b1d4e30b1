import type { ShellCommand } from '../../format/shell-command.ts';
import { nanos, type Nanos } from '../../trace/time.ts';
import type { PlacedSpan } from '../../trace/trace.ts';
import { formatDuration } from '../wording/duration.ts';
import { formatShare } from '../wording/percent.ts';
import type { Finding, Severity } from './finding.ts';
import type { Threshold } from './thresholds.ts';
import type { TraceIndex } from './trace-index.ts';

/** A kind of finding: a pure function from a trace to findings, and the threshold that it applies. */
export interface FindingDefinition {
  readonly id: string;
  readonly threshold: Threshold;
  readonly find: (index: TraceIndex) => readonly Finding[];
}

/** A fixed text, or one that depends on what `find` found. */
type Text<Found, T = string> = T | ((found: Found) => T);

/** The words of a finding. They stand at the head of the finding's file. */
interface Words<Found> {
  readonly title: Text<Found>;
  /** Sentences; undefined ones are omitted. */
  readonly detail: Text<Found, string | readonly (string | undefined)[]>;
  readonly hint: Text<Found, string | null>;
  readonly command: Text<Found, ShellCommand | null>;
}

/** A match of a finding that is not about time; `nanos` is the time on the critical path that it explains. */
export interface FoundSpans {
  readonly spans: readonly [PlacedSpan, ...PlacedSpan[]];
  readonly nanos: Nanos;
}

interface Definition<Found extends FoundSpans> extends Words<Found> {
  readonly id: string;
  readonly threshold: Threshold;
  readonly severity: Text<Found, Severity>;
  readonly find: (index: TraceIndex) => readonly Found[];
}

/** A finding whose title is a complete sentence. */
export function defineFinding<Found extends FoundSpans>(definition: Definition<Found>): FindingDefinition {
  const { id, threshold } = definition;
  return { id, threshold, find: (index) => definition.find(index).map((found) => findingOf(index, definition, found)) };
}

/** A span's part of a finding about time. */
export interface Part {
  readonly span: PlacedSpan;
  readonly nanos: Nanos;
}

/** A match of a finding about time. */
export interface FoundTime {
  /** No two of them share time. Empty: nothing was found. */
  readonly parts: readonly Part[];
}

interface TimeDefinition<Found extends FoundTime> extends Words<Found> {
  readonly id: string;
  readonly threshold: Threshold;
  /** A warning unless stated. */
  readonly severity?: Severity;
  readonly find: (index: TraceIndex) => readonly Found[];
}

/**
 * A finding about time. Its title ends the sentence "92 % of the request (358 of 387 ms) was …", and its headline is made
 * of the same words. Matches below the threshold are dropped. The spans with most of the time come first.
 */
export function defineTimeFinding<Found extends FoundTime>(definition: TimeDefinition<Found>): FindingDefinition {
  const { id, threshold, severity = 'warning' } = definition;
  const find = (index: TraceIndex): Finding[] =>
    definition.find(index).flatMap((found): Finding[] => {
      const match = timeOf(index, found.parts);
      const total = index.workingTime;
      if (match === undefined || match.nanos < threshold.nanos || match.nanos / total < threshold.share) return [];
      const share = formatShare(match.nanos / total);
      const part = partOf(match.nanos, total);
      const subject = textOf(definition.title, found);
      const title = `${share} of ${wholeName(index)} (${part}) was ${subject}`;
      const headline = `${share} ${subject.replace(/^the /, '')}, ${part}`;
      return [{ ...findingOf(index, { ...definition, severity, title }, { ...found, ...match }), headline }];
    });
  return { id, threshold, find };
}

function timeOf({ workingTime }: TraceIndex, all: readonly Part[]): FoundSpans | undefined {
  const parts = all.filter((part) => part.nanos > 0).sort((a, b) => b.nanos - a.nanos);
  const [first, ...others] = parts;
  if (first === undefined || workingTime <= 0) return undefined;
  // Parts exceed the trace's duration only where spans lie within others of the same name. No server reports such spans.
  const sum = parts.reduce((total, part) => total + part.nanos, 0);
  return { spans: [first.span, ...others.map(({ span }) => span)], nanos: nanos(Math.min(workingTime, sum)) };
}

function findingOf<Found extends FoundSpans>(
  { workingTime }: TraceIndex,
  { id, severity, title, detail, hint, command }: Omit<Definition<Found>, 'find' | 'threshold'>,
  found: Found,
): Finding {
  return {
    id,
    severity: textOf(severity, found),
    title: textOf(title, found),
    headline: textOf(title, found),
    detail: [textOf(detail, found)]
      .flat()
      .filter((sentence) => sentence !== undefined)
      .join(' '),
    hint: textOf(hint, found),
    command: textOf(command, found),
    nanos: found.nanos,
    share: workingTime <= 0 ? 0 : Math.min(1, found.nanos / workingTime),
    spans: found.spans,
  };
}

const textOf = <Found, T>(text: Text<Found, T>, found: Found): T =>
  typeof text === 'function' ? (text as (found: Found) => T)(found) : text;

/** `358 of 387 ms`: a common unit is written once. */
export function partOf(part: Nanos, total: Nanos): string {
  const [partText, totalText] = [formatDuration(part), formatDuration(total)];
  const [value, unit] = partText.split(' ');
  return unit !== undefined && totalText.endsWith(` ${unit}`)
    ? `${value} of ${totalText}`
    : `${partText} of ${totalText}`;
}

/** The subject whose duration is the trace's duration. */
function wholeName({ trace: { root, duration }, workingTime }: TraceIndex): string {
  if (workingTime < duration) return 'the time without an open stream';
  if (root.source !== 'client') return 'the trace';
  const requests = root.children.filter(({ source, span }) => source === 'client' && span.kind === 'client');
  return requests.length > 1 ? 'the command' : 'the request';
}
