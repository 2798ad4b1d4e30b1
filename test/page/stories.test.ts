import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Browser } from 'playwright-core';
import type { Row } from '../../src/analysis/rows/waterfall.ts';
import { framedRows, drawPodScreen } from '../../src/render/pod/screen.ts';
import { plainWidth } from '../../src/render/terminal/width.ts';
import { isPodDocument, readPodDocument } from '../../src/report/document/pod-report.ts';
import { readDocument } from '../../src/report/document/report.ts';
import type { JSONObject } from '../../src/report/json-value.ts';
import { UNICODE } from '../../src/render/look.ts';
import { drawScreen } from '../../src/render/terminal/screen.ts';
import { selfText, totalText } from '../../src/render/terminal/tree-cells.ts';
import { shownRows } from '../../src/render/terminal/shown-rows.ts';
import { slowestAlone } from '../../src/report/repeated.ts';
import { whyNoChromium } from '../support/chromium.ts';
import { allRows, launch, openDocument } from './browser.ts';
import { fixture, hotrod, pod, recorded, WEBHOOK } from './documents.ts';

const LOOK = { columns: 1000, colour: false, glyphs: UNICODE };

/** The browser and the terminal break lines and leave gaps in other places. */
const plain = (text: string): string => text.replace(/\s+/g, ' ');

const findingsOf = (document: JSONObject): readonly { readonly headline: string }[] =>
  (document['summary'] as { readonly findings?: readonly { readonly headline: string }[] } | null)?.findings ?? [];

interface Expected {
  readonly rows: readonly Row[];
  /** As the terminal draws it. */
  readonly screen: string;
  readonly hasSelf: boolean;
}

function expectedOf(document: JSONObject): Expected {
  if (isPodDocument(document)) {
    const report = readPodDocument(structuredClone(document));
    const rows = framedRows(report.lifecycles[0]!, LOOK).waterfall.rows;
    return { rows, screen: drawPodScreen(report, LOOK, plainWidth), hasSelf: false };
  }
  const report = slowestAlone(readDocument(structuredClone(document)));
  assert.ok(report.analysis);
  return { rows: shownRows(report.analysis).waterfall.rows, screen: drawScreen(report, LOOK), hasSelf: true };
}

const STORIES: Readonly<Record<string, () => Promise<JSONObject> | JSONObject>> = {
  'a list': () => recorded(37, 'admin-list', 'kubectl trace get configmaps'),
  'a slow webhook, by the metrics': () => fixture(WEBHOOK),
  'a failed request': () => recorded(37, 'admin-conflict', 'kubectl trace replace -f web.yaml'),
  'a list by system:masters': () => recorded(29, 'masters-list', 'kubectl trace get configmaps'),
  'nodes with tracing': () => fixture('screens/get-nodes-with-tracing.json'),
  HotROD: hotrod,
  'a stuck pod': () => pod('absent-image', 'final'),
  'a crash loop': () => pod('crash-loop', 'final'),
};

suite('the page of a recorded story', { skip: whyNoChromium() }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser.close());

  for (const [story, documentOf] of Object.entries(STORIES)) {
    test(`${story}: the rows, times and findings are those of the tree`, async () => {
      const document = await documentOf();
      const { rows, screen, hasSelf } = expectedOf(document);
      await using opened = await openDocument(browser, document);
      const { page } = opened;

      const shown = await allRows(page);
      assert.deepEqual(
        shown.map(({ level, label, self, total }) => [level, label, self, total]),
        rows.map((row) => [
          row.depth + 1,
          UNICODE.text(row.label[0]),
          hasSelf ? selfText(row, LOOK) : '',
          totalText(row, LOOK),
        ]),
      );
      assert.deepEqual(
        shown.map(({ index }) => index),
        rows.map((_, index) => index + 2),
      );
      const grid = page.locator('[role=treegrid]');
      assert.equal(await grid.getAttribute('aria-rowcount'), String(rows.length + 1));

      const [headline = ''] = screen.split('\n');
      const text = await page.locator('main').innerText();
      assert.ok(plain(text).includes(plain(headline.replace(/^▲ /, ''))), headline);
      for (const { headline: words } of findingsOf(document)) assert.ok(text.includes(words), words);
      assert.deepEqual(opened.incidents, []);
    });
  }
});
