import type { ShellCommand } from '../../format/shell-command.ts';
import type { Nanos } from '../../trace/time.ts';
import type { PlacedSpan } from '../../trace/trace.ts';
import type { Evidence } from './trace-index.ts';

export type Severity = 'info' | 'warning' | 'error';

/** A conclusion with its evidence. Texts are for people, in plain text, and not yet escaped. */
export interface Finding {
  /** A `FindingID`; a document of another version may have others. */
  readonly id: string;
  readonly severity: Severity;
  readonly title: string;
  readonly detail: string;
  /** What can be done about it. */
  readonly hint: string | null;
  /** What to type next, fit for a shell. */
  readonly command: ShellCommand | null;
  /** Time on the critical path: what would be saved at most. */
  readonly nanos: Nanos;
  /** Of the trace's duration, 0 to 1. */
  readonly share: number;
  /** Never empty; the first one's row is what the finding is about. */
  readonly spans: readonly [PlacedSpan, ...PlacedSpan[]];
}

/** A pure function from what is known of a trace to what it means. */
export type Finder = (evidence: Evidence) => readonly Finding[];
