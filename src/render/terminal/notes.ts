import { counted } from '../../format/counted.ts';
import { formatDuration } from '../../analysis/wording/duration.ts';
import type { ClockOffset, NoteCode, TraceNote } from '../../trace/trace.ts';

type Sentence = (count: number) => string;

const spans = (count: number): string => counted(count, 'span');

const SENTENCES: Readonly<Record<Exclude<NoteCode, 'clock-offset'>, Sentence>> = {
  orphan: (count) => `the parent of ${spans(count)} is not in the trace`,
  duplicate: (count) => `${spans(count)} arrived more than once; the copies were merged`,
  cycle: (count) => `${counted(count, 'span is its', 'spans are their')} own ancestor; drawn at the top instead`,
  'not-ended': (count) => `${counted(count, 'span is', 'spans are')} not ended; drawn until the end of the rows below`,
  'negative-duration': (count) =>
    `${counted(count, 'span ends before its', 'spans end before their')} start; drawn as not ended`,
  'out-of-range': (count) => `the times of ${spans(count)} are months away from the others; drawn without a duration`,
  'far-from-root': (count) =>
    `${counted(count, 'span is', 'spans are')} long before or after the others; drawn at the edge`,
  'several-roots': (count) => `${spans(count)} have no parent; the first row is an inferred parent`,
};

/** One sentence for each imperfection of a trace. */
export function noteSentences(notes: readonly TraceNote[]): string[] {
  return notes.map(({ code, spanIDs, clock }) => {
    const sentence =
      code === 'clock-offset'
        ? `${clock === undefined ? 'a clock is off' : clockWords(clock)}; ${spans(spanIDs.length)} moved to fit`
        : SENTENCES[code](spanIDs.length);
    return `note: ${sentence}`;
  });
}

/** `the clock of apiserver is 1.20 s to 1.35 s ahead of this machine's`. */
function clockWords({ service, caller, lowest, highest }: ClockOffset): string {
  const ahead = lowest > 0;
  const least = formatDuration(ahead ? lowest : -highest);
  const most = formatDuration(ahead ? highest : -lowest);
  const whose = caller === 'kubectl-trace' ? "this machine's" : `the clock of ${caller}`;
  const range = least === most ? least : `${least} to ${most}`;
  return `the clock of ${service} is ${range} ${ahead ? 'ahead of' : 'behind'} ${whose}`;
}
