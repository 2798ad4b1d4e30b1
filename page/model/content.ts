import { displayedFindings } from '../../src/analysis/findings/index.ts';
import type { Finding } from '../../src/analysis/findings/finding.ts';
import { conclusionLines, detailLines, LABEL_COLUMNS } from '../../src/render/pod/details.ts';
import { headerLines as podHeaderLines } from '../../src/render/pod/header.ts';
import { setCells } from '../../src/render/pod/set-cells.ts';
import { setHeaderLines, setRemarkLines } from '../../src/render/pod/set-lines.ts';
import { podTables } from '../../src/render/pod/table-cells.ts';
import { headerLines } from '../../src/render/terminal/header.ts';
import { headlineWords } from '../../src/render/terminal/headline.ts';
import { noteSentences } from '../../src/render/terminal/notes.ts';
import { overview } from '../../src/render/terminal/repeated-screen.ts';
import { closingSentences, hasTimes } from '../../src/render/terminal/sentences.ts';
import { isPodDocument, readPodDocument } from '../../src/report/document/pod-report.ts';
import { readDocument } from '../../src/report/document/report.ts';
import type { JSONObject } from '../../src/report/json-value.ts';
import type { PodReport } from '../../src/report/pod-report.ts';
import { slowestAlone } from '../../src/report/repeated.ts';
import type { Report, RequestReport } from '../../src/report/report.ts';
import type { TextTable } from '../../src/render/text-table.ts';
import { measure, PAGE_LOOK, PLAIN_LOOK, shownText } from './look.ts';
import { podPicture, tracePicture, type Picture } from './picture.ts';

/** A sentence with the word that stands before it; without one, it goes on with the one before. */
export interface Fact {
  readonly label: string;
  readonly text: string;
}

/** What a page shows of a document, whatever its kind. */
export interface Content {
  readonly document: JSONObject;
  readonly title: string;
  readonly verdict: string | null;
  readonly header: readonly string[];
  readonly facts: readonly Fact[];
  /** Several pods. */
  readonly tables: readonly TextTable[];
  readonly sentences: readonly string[];
  readonly findings: readonly Finding[];
  readonly requests: readonly RequestReport[];
  readonly hasTimes: boolean;
  /** Undefined where nothing was sent. */
  readonly picture: Picture | undefined;
  /** The document that it is compared with; undefined in a page of one. */
  readonly compared?: Content | undefined;
}

/** Throws UsageError for what is no document of this version. */
export function contentOf(document: unknown, compared?: unknown): Content {
  const content = isPodDocument(document)
    ? podContent(readPodDocument(document))
    : traceContent(readDocument(document));
  return compared === undefined ? content : { ...content, compared: contentOf(compared) };
}

function traceContent(whole: Report): Content {
  // Of a request that was sent several times the terminal draws the slowest.
  const report = slowestAlone(whole);
  const { analysis } = report;
  const notes = analysis === null ? [] : noteSentences(analysis.trace.notes);
  return {
    document: whole.document as JSONObject,
    title: shownText(headlineWords(report)),
    verdict: report.verdict,
    header: [...overview(whole).map(shownText), ...headerLines(report, PAGE_LOOK, measure)],
    facts: whole.error === null ? [] : errorFacts(whole.error),
    tables: [],
    sentences: [...closingSentences(report, true), ...notes].map(shownText),
    findings: analysis === null ? [] : shownFirst(analysis.findings),
    requests: whole.requests,
    hasTimes: hasTimes(report),
    picture: analysis === null ? undefined : tracePicture(analysis),
  };
}

/** The page has room for all of them; those that the terminal shows come first. */
function shownFirst(findings: readonly Finding[]): readonly Finding[] {
  const displayed = displayedFindings(findings);
  return [...displayed, ...findings.filter((finding) => !displayed.includes(finding) && finding.id !== 'clock-offset')];
}

const errorFacts = ({ message, hint }: NonNullable<Report['error']>): Fact[] => [
  { label: 'error', text: shownText(message) },
  ...(hint === null ? [] : [{ label: 'hint', text: shownText(hint) }]),
];

function podContent(report: PodReport): Content {
  const [lifecycle] = report.lifecycles;
  const isSet = report.set !== null;
  const lines = isSet
    ? setRemarkLines(report, PLAIN_LOOK, measure)
    : [...conclusionLines(report, PAGE_LOOK, measure), ...detailLines(report, PAGE_LOOK, measure)];
  const [title = '', ...others] = isSet
    ? setHeaderLines(report, PLAIN_LOOK, measure)
    : podHeaderLines(report, PLAIN_LOOK, measure);
  const set = setCells(report, PLAIN_LOOK, measure);
  return {
    document: report.document as JSONObject,
    title,
    verdict: report.verdict?.state ?? null,
    header: others,
    facts: [...factsOf(lines), ...(report.error === null ? [] : errorFacts(report.error))],
    tables: isSet
      ? set === undefined
        ? []
        : [set]
      : report.lifecycles.length > 1
        ? podTables(report, PLAIN_LOOK, measure)
        : [],
    sentences: [],
    findings: [],
    requests: report.requests,
    hasTimes: false,
    picture: isSet || lifecycle === undefined ? undefined : podPicture(lifecycle),
  };
}

/** Lines whose first columns are a label. */
const factsOf = (lines: readonly string[]): Fact[] =>
  lines.map((line) => ({ label: line.slice(0, LABEL_COLUMNS).trim(), text: line.slice(LABEL_COLUMNS) }));
