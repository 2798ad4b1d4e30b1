import type { RowFilter } from '../../src/analysis/rows/filter.ts';
import type { Row } from '../../src/analysis/rows/waterfall.ts';
import { UNICODE } from '../../src/render/look.ts';
import { drawPodScreen, framedRows } from '../../src/render/pod/screen.ts';
import { drawScreen } from '../../src/render/terminal/screen.ts';
import { shownRows } from '../../src/render/terminal/shown-rows.ts';
import { selfText, totalText } from '../../src/render/terminal/tree-cells.ts';
import { plainWidth } from '../../src/render/terminal/width.ts';
import { isPodDocument, readPodDocument } from '../../src/report/document/pod-report.ts';
import { readDocument } from '../../src/report/document/report.ts';
import type { JSONObject } from '../../src/report/json-value.ts';
import { slowestAlone } from '../../src/report/repeated.ts';

const LOOK = { columns: 1000, colour: false, glyphs: UNICODE };

/** A document as the terminal shows it. */
export interface Expected {
  readonly rows: readonly (readonly [level: number, label: string, self: string, total: string])[];
  readonly screen: string;
}

/** `filter` is what a person has chosen in the page; as the terminal draws the document without it. */
export function expectedOf(document: JSONObject, filter: RowFilter = {}): Expected {
  if (isPodDocument(document)) {
    const report = readPodDocument(structuredClone(document));
    const { rows } = framedRows(report.lifecycles[0]!, LOOK).waterfall;
    return { rows: rows.map((row) => cellsOf(row, '')), screen: drawPodScreen(report, LOOK, plainWidth) };
  }
  const report = slowestAlone(readDocument(structuredClone(document)));
  if (report.analysis === null) throw new Error('there is no trace in the document');
  const { rows } = shownRows(report.analysis, filter).waterfall;
  return { rows: rows.map((row) => cellsOf(row, selfText(row, LOOK))), screen: drawScreen(report, LOOK) };
}

const cellsOf = (row: Row, self: string): Expected['rows'][number] => [
  row.depth + 1,
  UNICODE.text(row.label[0]),
  self,
  totalText(row, LOOK),
];
