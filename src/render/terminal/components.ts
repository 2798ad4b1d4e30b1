import type { Analysis } from '../../analysis/analyse.ts';
import type { Part } from '../../analysis/timing/component-parts.ts';
import type { DisplayedTime } from '../../analysis/timing/displayed-times.ts';
import { formatDuration } from '../../analysis/wording/duration.ts';
import type { Look } from '../look.ts';
import { shareText } from './share.ts';
import { padEnd, truncate, widthOf, type MeasureText } from './width.ts';

/** The widest bar, in cells; narrower terminals have words only. */
export const BAR = 20;
const GAP = '  ';
/** Components are shorter; services of other traces may not be. */
const WHO = 18;
const WIDE = 100;
/** Parts that are named of each component. */
const PARTS = 3;

/** One line of the times; where it has a share, a bar stands between its two texts. */
export interface TimeLine {
  readonly head: string;
  readonly share: number | undefined;
  readonly parts: string;
}

/**
 * One line per component (or service) that took part in the critical path, the largest first, and the largest parts of
 * its time as far as they fit. The times add up to the duration.
 */
export const componentLines = (analysis: Analysis, look: Look, measure: MeasureText): string[] =>
  timeLines(analysis, look, measure).map(({ head, share, parts }) =>
    [head, ...(share === undefined ? [] : [bar(share, look).padEnd(BAR)]), parts].join(GAP).trimEnd(),
  );

export function timeLines(analysis: Analysis, look: Look, measure: MeasureText): TimeLine[] {
  const times = analysis.displayedTimes;
  const nameOf = ({ name }: DisplayedTime): string =>
    truncate(look.glyphs.text(name), WHO, look.glyphs.ellipsis, measure);
  const name = times.reduce((widest, displayed) => Math.max(widest, widthOf(nameOf(displayed), measure)), 4);
  const durations = times.map(({ time }) => durationText(time.nanos, look));
  const duration = columnOf([
    ...durations,
    ...(analysis.openNanos > 0 ? [durationText(analysis.openNanos, look)] : []),
  ]);
  const share = columnOf(times.map(({ time }) => shareText(analysis, time)));
  const hasBar = look.columns >= WIDE && analysis.trace.root.ended;
  const lines = times.map((displayed): TimeLine => {
    const { time } = displayed;
    const words = [
      padEnd(nameOf(displayed), name, measure),
      durationText(time.nanos, look).padStart(duration),
      shareText(analysis, time).padStart(share),
    ];
    const head = words.join(GAP);
    const used = widthOf(head, measure) + (hasBar ? GAP.length + BAR : 0) + GAP.length;
    const parts = partsWithin(displayed.parts, look.columns - used, look, measure);
    return { head, share: hasBar ? time.share : undefined, parts };
  });
  return [...lines, ...openLine(analysis, { name, duration, share }, look)];
}

/** A stream that was only open has no share, and no component worked for it. */
function openLine(
  { openNanos }: Analysis,
  columns: { readonly name: number; readonly duration: number; readonly share: number },
  look: Look,
): TimeLine[] {
  if (openNanos === 0) return [];
  const words = [
    'open'.padEnd(columns.name),
    durationText(openNanos, look).padStart(columns.duration),
    ' '.repeat(columns.share),
  ];
  const head = words.join(GAP);
  const parts = 'a stream was open: no component worked for it';
  const fits = head.length + GAP.length + parts.length <= look.columns;
  return [{ head, share: undefined, parts: fits ? parts : '' }];
}

const columnOf = (texts: readonly string[]): number =>
  texts.reduce((widest, { length }) => Math.max(widest, length), 0);

const durationText = (nanos: number, { glyphs }: Look): string => glyphs.text(formatDuration(nanos));

function bar(share: number, { glyphs }: Look): string {
  const eighths = Math.max(1, Math.round(share * BAR * 8));
  const rest = eighths % 8;
  return glyphs.own.repeat(Math.floor(eighths / 8)) + (rest === 0 ? '' : (glyphs.eighths[rest - 1] ?? ''));
}

/** A part whose name is cut to less than this says nothing. */
const NAME = 8;

/** `connect 5.15 ms; KV/Txn (to etcd) 560 µs; 2 more`: as many as fit, or the first with its name cut. */
function partsWithin(all: readonly Part[], columns: number, look: Look, measure: MeasureText): string {
  const { glyphs } = look;
  const parts = all.map((part) => `${glyphs.text(part.name)} ${durationText(part.nanos, look)}`);
  for (let count = Math.min(PARTS, parts.length); count > 0; count--) {
    const rest = parts.length - count;
    const text = parts.slice(0, count).join('; ') + (rest === 0 ? '' : `; ${rest} more`);
    if (widthOf(text, measure) <= columns) return text;
  }
  const [first] = all;
  if (first === undefined) return '';
  const duration = durationText(first.nanos, look);
  const room = columns - duration.length - 1;
  return room < NAME ? '' : `${truncate(glyphs.text(first.name), room, glyphs.ellipsis, measure)} ${duration}`;
}
