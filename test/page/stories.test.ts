import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { readDocument } from '../../src/report/document/report.ts';
import type { JSONObject } from '../../src/report/json-value.ts';
import { UNICODE } from '../../src/render/look.ts';
import { drawScreen } from '../../src/render/terminal/screen.ts';
import { selfText, totalText } from '../../src/render/terminal/tree-cells.ts';
import { shownRows } from '../../src/render/terminal/shown-rows.ts';
import { slowestAlone } from '../../src/report/repeated.ts';
import { whyNoChromium } from '../support/chromium.ts';
import { allRows, launch, openDocument } from './browser.ts';
import { fixture, recorded, WEBHOOK } from './documents.ts';

const LOOK = { columns: 1000, colour: false, glyphs: UNICODE };

const STORIES: Readonly<Record<string, () => Promise<JSONObject> | JSONObject>> = {
  'a list': () => recorded(37, 'admin-list', 'kubectl trace get configmaps'),
  'a slow webhook, by the metrics': () => fixture(WEBHOOK),
  'a failed request': () => recorded(37, 'admin-conflict', 'kubectl trace replace -f web.yaml'),
  'a list by system:masters': () => recorded(29, 'masters-list', 'kubectl trace get configmaps'),
  'nodes with tracing': () => fixture('screens/get-nodes-with-tracing.json'),
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
      const report = slowestAlone(readDocument(structuredClone(document)));
      assert.ok(report.analysis);
      const { rows } = shownRows(report.analysis).waterfall;
      await using opened = await openDocument(browser, document);
      const { page } = opened;

      const shown = await allRows(page);
      assert.deepEqual(
        shown.map(({ level, label, self, total }) => [level, label, self, total]),
        rows.map((row) => [row.depth + 1, UNICODE.text(row.label[0]), selfText(row, LOOK), totalText(row, LOOK)]),
      );
      assert.deepEqual(
        shown.map(({ index }) => index),
        rows.map((_, index) => index + 2),
      );
      const grid = page.locator('[role=treegrid]');
      assert.equal(await grid.getAttribute('aria-rowcount'), String(rows.length + 1));

      // The sentences of the terminal, each of them whole.
      const screen = drawScreen(report, LOOK);
      const [headline = ''] = screen.split('\n');
      assert.match(await page.title(), /— kubectl trace$/);
      const text = await page.locator('main').innerText();
      assert.ok(text.includes(headline.replace(/^▲ /, '')), headline);
      for (const finding of report.analysis.findings) assert.ok(text.includes(finding.headline), finding.headline);
      assert.deepEqual(opened.incidents, []);
    });
  }
});
