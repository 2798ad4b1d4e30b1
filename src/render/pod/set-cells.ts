import { grouped } from '../../format/counted.ts';
import { ageText } from '../../format/age.ts';
import type { PodLifecycle } from '../../pod/lifecycle.ts';
import type { PodReport } from '../../report/pod-report.ts';
import { between, type EpochNanos } from '../../trace/time.ts';
import type { Look } from '../look.ts';
import type { TableColumn, TextTable } from '../text-table.ts';
import { truncateMiddle, widthOf, type MeasureText } from '../terminal/width.ts';

/** A person reads no more rows: the data outputs have all. */
const MAX_ROWS = 100;
/** A message of fewer columns says nothing. */
const MIN_MESSAGE = 24;
/** Names are cut down to this, however narrow the screen is. */
const MIN_NAMES = 16;
const MIN_NAMESPACE = 9;

interface Row {
  readonly namespace: string;
  readonly pod: string;
  /** Reason, state and age. */
  readonly rest: readonly string[];
  readonly message: string;
}

/** The pods of a set, the worst first. Names are cut where the line is too short, and the rest of a longer one is the message. */
export function setCells(
  { lifecycles, set, subject, now, podsLeftOut }: PodReport,
  look: Look,
  measure: MeasureText,
): TextTable | undefined {
  if (lifecycles.length === 0 || set === null) return undefined;
  const shown = lifecycles.slice(0, MAX_ROWS);
  const { text, ellipsis } = look.glyphs;
  const rows: Row[] = shown.map((lifecycle) => ({
    namespace: text(lifecycle.namespace),
    pod: text(lifecycle.name),
    rest: [reasonCell(lifecycle), text(stateCell(lifecycle, now)), text(ageCell(lifecycle, now))],
    message: text(lifecycle.verdict.cause?.message ?? ''),
  }));
  const width = (title: string, cellOf: (row: Row) => string): number =>
    rows.reduce((most, row) => Math.max(most, widthOf(cellOf(row), measure)), title.length);
  const fixed = ['reason', 'state', 'age'].reduce(
    (sum, title, at) => sum + 2 + width(title, ({ rest }) => rest[at]!),
    0,
  );
  const namespaces = subject.namespace === null ? width('namespace', ({ namespace }) => namespace) : undefined;
  const pods = width('pod', ({ pod }) => pod);
  const room = Math.max(MIN_NAMES, look.columns - fixed - (namespaces === undefined ? 0 : 2));
  // A namespace gives way first: the end of a pod's name says which one it is.
  const forNamespaces = namespaces === undefined ? 0 : Math.min(namespaces, Math.max(MIN_NAMESPACE, room - pods));
  const forMessage = room - forNamespaces - pods - 2;
  const hasMessage = forMessage >= MIN_MESSAGE;
  const fit = (name: string, columns: number): string => truncateMiddle(name, columns, ellipsis, measure);
  const columns: TableColumn[] = [
    ...(namespaces === undefined ? [] : [{ title: 'namespace' }]),
    { title: 'pod' },
    { title: 'reason' },
    { title: 'state' },
    { title: 'age', align: 'right' },
    ...(hasMessage ? [{ title: 'message' }] : []),
  ];
  const cells = rows.map(({ namespace, pod, rest, message }) => [
    ...(namespaces === undefined ? [] : [fit(namespace, forNamespaces)]),
    fit(pod, room - forNamespaces),
    ...rest,
    ...(hasMessage ? [specificPart(message, forMessage, measure)] : []),
  ]);
  const more = lifecycles.length - shown.length + podsLeftOut;
  return { columns, rows: cells, ...(more > 0 && { footer: text(`… and ${grouped(more)} more`) }) };
}

/** Beginnings of messages that say little more than the reason beside them, each after the one before it. */
const GENERAL: readonly RegExp[] = [
  /^(?:(?:init )?container|sidecar) \S+ (?:cannot be started|runs, but its \w+ probe fails): /,
  /^the image does not have the program(?:, or the interpreter of its script)?: /,
];

/** A message that would be cut off, from the words on that differ from one fault to another. */
const specificPart = (message: string, columns: number, measure: MeasureText): string =>
  GENERAL.reduce((text, general) => (widthOf(text, measure) <= columns ? text : text.replace(general, '')), message);

/** A pod that is only under way has no unknown reason. */
function reasonCell({ verdict: { state, cause } }: PodLifecycle): string {
  return cause === null || (cause.reason === 'Unknown' && state === 'progressing') ? '-' : cause.reason;
}

/** `stuck 5m3s`: the state, and since when. */
function stateCell({ verdict: { state, since } }: PodLifecycle, now: EpochNanos): string {
  const word = state === 'succeeded' ? 'completed' : state;
  return since === null ? word : `${word} ${age(since.at, now)}`;
}

const ageCell = ({ startedAt }: PodLifecycle, now: EpochNanos): string => age(startedAt, now);

/** Nothing is younger than now: clocks differ a little. */
const age = (since: EpochNanos, now: EpochNanos): string => ageText(Math.max(0, between(since, now) / 1e9));
