import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import stringWidth from 'string-width';
import { OUTPUTS } from '../../../../src/render/outputs.ts';
import { UNICODE, type Look } from '../../../../src/render/look.ts';
import { POD_OUTPUTS } from '../../../../src/render/pod/outputs.ts';
import { drawPodScreen } from '../../../../src/render/pod/screen.ts';
import { CELL, MARGIN } from '../../../../src/render/svg/grid.ts';
import { drawScreen } from '../../../../src/render/terminal/screen.ts';
import type { Report } from '../../../../src/report/report.ts';
import { recordedReport, recordedStory } from '../../../support/recorded-report.ts';
import { POD_STORIES, recordedPods } from '../../../support/recorded-pods.ts';
import { elementsOf, parseXML, textOf, type SVGElement } from '../../../support/svg.ts';

/** A picture says in the same lines and columns what a terminal shows. */

const STORIES = ['list', 'get', 'create', 'update', 'patch', 'delete', 'conflict', 'not-found', 'discovery'];
const look = (columns: number): Look => ({ columns, colour: false, glyphs: UNICODE });

const recorded = (story: string): Report =>
  recordedReport(recordedStory(37, `masters-${story}`), {
    command: `kubectl trace ${story}`,
    objectCount: null,
    found: true,
  });

/** What a picture draws as lines and bars. */
const withoutShapes = (line: string): string => line.replace(/[├└│─┄█▒▏▎▍▌▋▊▉]/g, ' ').trimEnd();

/** The lines without the legend, which is the only text that is dim from its start to its end. */
function linesOf(svg: string): string[] {
  return elementsOf(parseXML(svg), 'text')
    .filter((line) => !runsOf(line).every(({ attributes }) => attributes['class'] === 'd'))
    .map((line) => withoutShapes(textOf(line)));
}

const runsOf = (line: SVGElement): SVGElement[] => elementsOf(line, 'tspan');

const linesOn = (screen: string): string[] =>
  screen
    .split('\n')
    .filter((line) => line !== '' && !/http:\/\/127\.0\.0\.1:16686/.test(line))
    .map(withoutShapes);

/** Every run begins in the column that it has on a terminal, is as wide as there, and is in the picture. */
function checkWidths(svg: string): void {
  const root = parseXML(svg);
  for (const line of elementsOf(root, 'text')) {
    let column = 0;
    for (const part of line.children) {
      const text = typeof part === 'string' ? part : textOf(part);
      if (typeof part !== 'string') {
        assert.equal(Number(part.attributes['x']), MARGIN + column * CELL, text);
        assert.equal(Number(part.attributes['textLength']), stringWidth(text) * CELL, text);
      }
      column += stringWidth(text);
    }
    assert.ok(MARGIN * 2 + column * CELL <= Number(root.attributes['width']) + 1, textOf(line));
  }
}

suite('a picture has the words of the terminal', () => {
  for (const story of STORIES) {
    for (const columns of [40, 64, 100, 160]) {
      test(`${story} in ${columns} columns`, async () => {
        const report = recorded(story);
        const svg = await OUTPUTS.svg()(report, look(columns));
        assert.deepEqual(linesOf(svg), linesOn(drawScreen(report, look(columns), stringWidth)));
        checkWidths(svg);
      });
    }
  }

  for (const rows of [{ full: true }, { depth: 1 }, { errors: true }, { noInferred: true }, { services: ['etcd'] }]) {
    test(`with ${JSON.stringify(rows)}`, async () => {
      const report = recorded('create');
      const svg = await OUTPUTS.svg()(report, { ...look(120), rows });
      assert.deepEqual(linesOf(svg), linesOn(drawScreen(report, { ...look(120), rows }, stringWidth)));
    });
  }

  for (const story of POD_STORIES) {
    for (const columns of [60, 100]) {
      test(`pod ${story} in ${columns} columns`, async () => {
        const report = await recordedPods(story, 'final');
        const svg = await POD_OUTPUTS.svg()(report, look(columns));
        assert.deepEqual(linesOf(svg), linesOn(drawPodScreen(report, look(columns), stringWidth)));
        checkWidths(svg);
      });
    }
  }
});
