import type { NoteCode, TraceNote } from '../trace/trace.ts';

type Sentence = (count: number) => string;

const spans = (count: number): string => (count === 1 ? '1 span' : `${count} spans`);

const SENTENCES: Readonly<Record<NoteCode, Sentence>> = {
  orphan: (count) => `the parent of ${spans(count)} is not in the trace`,
  duplicate: (count) => `${spans(count)} came more than once; the first one counts`,
  cycle: (count) => `${spans(count)} would be below itself; drawn at the top instead`,
  'negative-duration': (count) => `${spans(count)} ended before the start; drawn without a duration`,
  'out-of-range': (count) => `the times of ${spans(count)} are months away from the others; drawn without a duration`,
  'several-roots': (count) => `${spans(count)} have no parent; the first row is inferred to hold them`,
};

/** The imperfections of a trace, one sentence each. */
export function noteSentences(notes: readonly TraceNote[]): string[] {
  return notes.map(({ code, spanIDs }) => `note: ${SENTENCES[code](spanIDs.length)}`);
}
