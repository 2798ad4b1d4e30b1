import type { ShellCommand } from '../../format/shell-command.ts';
import type { Nanos } from '../../trace/time.ts';
import type { PlacedSpan } from '../../trace/trace.ts';

export type Severity = 'info' | 'warning' | 'error';

/** A conclusion with its evidence. Texts are plain, for people, and not yet escaped. */
export interface Finding {
  /** The `id` of a finding in index.ts; a document of another version may have others. */
  readonly id: string;
  readonly severity: Severity;
  readonly title: string;
  /** The finding in one line: `92 % webhook policy.example.com, 358 of 387 ms`. */
  readonly headline: string;
  readonly detail: string;
  /** The proposed remedy. */
  readonly hint: string | null;
  /** The next command to type, safe for a shell. */
  readonly command: ShellCommand | null;
  /** Time on the critical path: an upper limit of the time that a remedy saves. */
  readonly nanos: Nanos;
  /** Share of the trace's duration, 0 to 1. */
  readonly share: number;
  /** Never empty; the finding is marked on the first one's row. */
  readonly spans: readonly [PlacedSpan, ...PlacedSpan[]];
}
