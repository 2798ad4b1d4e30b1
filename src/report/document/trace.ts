import type { Analysis } from '../../analysis/analyse.ts';
import { hasFailed } from '../../analysis/attributes.ts';
import { COMPONENT_ATTRIBUTE, COMPONENTS, type Component } from '../../analysis/timing/component.ts';
import { componentTimes, openTime } from '../../analysis/timing/component-time.ts';
import { displayedFindings } from '../../analysis/findings/index.ts';
import { criticalPath, type Section } from '../../analysis/timing/critical-path.ts';
import type { FindingContext } from '../../analysis/findings/finding-context.ts';
import { largestPart } from '../../analysis/findings/largest-part.ts';
import { SHORT_LABEL_ATTRIBUTE } from '../../analysis/kubernetes/label.ts';
import { displayedTimes } from '../../analysis/timing/displayed-times.ts';
import { buildTrace } from '../../trace/build.ts';
import type { Attributes, Resource, Span, SpanKind, StatusCode } from '../../trace/span.ts';
import { after, epochNanos, type EpochNanos, type Nanos } from '../../trace/time.ts';
import {
  isOtherSource,
  NOTE_CODES,
  PRECISIONS,
  type PlacedSpan,
  type SpanSource,
  type Trace,
  type TraceInput,
  type TraceNote,
} from '../../trace/trace.ts';
import { readFindings } from './findings.ts';
import type { DocumentReader } from './document-reader.ts';

/**
 * The trace of a document, and what was concluded from it. Drawn again, it is what it was: places, components, own times
 * and the critical path are the document's, not those that this version would find.
 */
export function readTrace(
  trace: DocumentReader,
  summary: DocumentReader | null,
  context: FindingContext,
): Analysis | null {
  const startedAt = epochNanos(trace.bigint('startUnixNano'));
  const resources = trace
    .objects('resources')
    .map((resource): Resource => ({ service: resource.text('service'), attributes: attributesOf(resource) }));
  const spans = trace.objects('spans').map((reader) => readSpan(reader, startedAt, resources));
  const built = buildTrace(placed(spans));
  if (built === undefined) return null;
  const notes = trace.has('notes') ? notesOf(trace) : built.notes;
  const read = new Map(spans.map((span) => [span.input.span, span]));
  // A span that was made up as a root: the documents of this tool are trees.
  const documentSpans = built.spans.map(({ span }) => read.get(span) ?? notOneTree(trace));
  const whole: Trace = { ...built, notes };
  const component = documentSpans.map((span) => span.component);
  const path = summary === null ? [] : sectionsOf(summary, whole);
  const failed = whole.spans.filter(({ span }) => hasFailed(span));
  const times = componentTimes(path, component);
  const displayed = displayedTimes(times);
  const findings = readFindings(summary, whole);
  return {
    trace: whole,
    criticalPath: path,
    componentTimes: times,
    openNanos: openTime(path, component),
    displayedTimes: displayed,
    failed,
    component,
    self: documentSpans.map(({ self }) => self),
    findings,
    largestPart:
      displayedFindings(findings).length === 0
        ? largestPart((whole.duration - openTime(path, component)) as Nanos, displayed, context)
        : null,
    onCriticalPath: new Set(documentSpans.flatMap(({ onCriticalPath }, index) => (onCriticalPath ? [index] : []))),
  };
}

function notOneTree(trace: DocumentReader): never {
  throw trace.error('spans', 'one tree');
}

interface DocumentSpan {
  readonly input: TraceInput;
  /** In the tree; undefined at its top. */
  readonly parentSpanID: string | undefined;
  readonly component: Component;
  readonly self: Nanos;
  readonly onCriticalPath: boolean;
}

const KINDS: readonly SpanKind[] = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
const SOURCES: readonly SpanSource[] = ['span', 'metric', 'audit', 'log', 'client', 'gap', 'event', 'condition'];
const STATUS_CODES: readonly StatusCode[] = ['unset', 'ok', 'error'];
const NO_PROCESS: Resource = { service: '', attributes: {} };

function readSpan(reader: DocumentReader, startedAt: EpochNanos, resources: readonly Resource[]): DocumentSpan {
  const start = after(startedAt, reader.nanos('startOffsetNanos'));
  const end = after(start, reader.nanos('durationNanos'));
  const original = reader.has('original') ? reader.object('original') : undefined;
  const parentSpanID = reader.has('parentSpanID') ? reader.spanID('parentSpanID') : undefined;
  const reportedParent = original === undefined ? parentSpanID : (original.spanIDOrNull('parentSpanID') ?? undefined);
  const component = reader.choice('component', COMPONENTS);
  const source = reader.choice('source', SOURCES);
  const status = reader.has('status') ? reader.object('status') : undefined;
  const message = status?.textOrNull('message') ?? null;
  const scope = reader.has('scope') ? reader.object('scope') : undefined;
  const version = scope?.textOrNull('version') ?? null;
  const span: Span = {
    traceID: reader.traceID('traceID'),
    spanID: reader.spanID('spanID'),
    ...(reportedParent !== undefined && { parentSpanID: reportedParent }),
    name: reader.text('name'),
    kind: reader.choice('kind', KINDS),
    start: original === undefined ? start : epochNanos(original.bigint('startUnixNano')),
    end: original === undefined ? end : epochNanos(original.bigint('endUnixNano')),
    status: { code: status?.choice('code', STATUS_CODES) ?? 'unset', ...(message !== null && { message }) },
    attributes: source === 'span' ? attributesOf(reader) : drawnAttributes(reader, component),
    events: reader.objects('events').map((event) => ({
      name: event.text('name'),
      time: after(startedAt, event.nanos('offsetNanos')),
      attributes: attributesOf(event),
    })),
    links: reader.objects('links').map((link) => ({
      traceID: link.traceID('traceID'),
      spanID: link.spanID('spanID'),
      attributes: attributesOf(link),
    })),
    resource: resources[reader.integer('resource')] ?? NO_PROCESS,
    ...(scope !== undefined && { scope: { name: scope.text('name'), ...(version !== null && { version }) } }),
  };
  return {
    input: {
      span,
      source,
      inferred: reader.boolean('inferred'),
      ...(isOtherSource(source) && reader.has('precision') && { precision: reader.choice('precision', PRECISIONS) }),
      start,
      end,
      ended: !reader.has('ended') || reader.boolean('ended'),
    },
    parentSpanID,
    component,
    self: reader.nanos('selfNanos'),
    onCriticalPath: reader.boolean('onCriticalPath'),
  };
}

/** JSON has no bytes and no large integers: they stay the texts that they were written as. */
function attributesOf(reader: DocumentReader): Attributes {
  return reader.has('attributes') ? (reader.object('attributes').all() as Attributes) : {};
}

/** With attributes that control the drawing of rows that no process reported. The document has separate keys for them. */
function drawnAttributes(reader: DocumentReader, component: Component): Attributes {
  const short = reader.textOrNull('shortLabel');
  return {
    ...attributesOf(reader),
    [COMPONENT_ATTRIBUTE]: component,
    ...(short !== null && { [SHORT_LABEL_ATTRIBUTE]: short }),
  };
}

/**
 * Every span with its parent. Spans come depth first, so that a parent is among those that are still open, and of several
 * with one ID it is the innermost.
 */
function placed(spans: readonly DocumentSpan[]): TraceInput[] {
  const open: Span[] = [];
  return spans.map(({ input, parentSpanID }) => {
    while (open.length > 0 && open.at(-1)?.spanID !== parentSpanID) open.pop();
    const parent = open.at(-1);
    open.push(input.span);
    return parent === undefined ? input : { ...input, parent };
  });
}

const notesOf = (trace: DocumentReader): Trace['notes'] =>
  trace.objects('notes').map((note): TraceNote => {
    const own = { code: note.choice('code', NOTE_CODES), spanIDs: note.spanIDs('spanIDs') };
    if (!note.has('clock')) return own;
    const clock = note.object('clock');
    const [lowest, highest] = [clock.nanos('lowestNanos'), clock.nanos('highestNanos')];
    return { ...own, clock: { service: clock.text('service'), caller: clock.text('caller'), lowest, highest } };
  });

/**
 * The critical path of the document. A span ID may be that of several spans: where today's path reads the same as the
 * document's, it says which of them is meant.
 */
function sectionsOf(summary: DocumentReader, trace: Trace): readonly Section[] {
  const sections = summary.objects('criticalPath').map((section) => ({
    spanID: section.spanID('spanID'),
    from: section.nanos('fromOffsetNanos'),
    to: section.nanos('toOffsetNanos'),
  }));
  const today = criticalPath(trace);
  const isSame = ({ spanID, from, to }: (typeof sections)[number], index: number): boolean => {
    const section = today[index];
    return section?.span.spanID === spanID && section.from === from && section.to === to;
  };
  if (sections.length === today.length && sections.every(isSame)) return today;
  const byID = Map.groupBy(trace.spans, ({ spanID }) => spanID);
  return sections.flatMap(({ spanID, from, to }): Section[] => {
    const candidates = byID.get(spanID) ?? [];
    const covers = (span: PlacedSpan): boolean => span.offset <= from && to <= span.offset + span.duration;
    const span = candidates.findLast(covers) ?? candidates.at(-1);
    return span === undefined ? [] : [{ span, from, to }];
  });
}
