import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Browser } from 'playwright-core';
import type { JSONObject } from '../../src/report/json-value.ts';
import { whyNoChromium } from '../support/chromium.ts';
import { allRows, launch, openDocument } from './browser.ts';
import { fixture, hotrod, pod, recorded, WEBHOOK } from './documents.ts';
import { expectedOf } from './expected.ts';

/** The browser and the terminal break lines and leave gaps in other places. */
const plain = (text: string): string => text.replace(/\s+/g, ' ');

const findingsOf = (document: JSONObject): readonly { readonly headline: string }[] =>
  (document['summary'] as { readonly findings?: readonly { readonly headline: string }[] } | null)?.findings ?? [];

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
      const { rows, screen } = expectedOf(document);
      await using opened = await openDocument(browser, document);
      const { page } = opened;

      const shown = await allRows(page);
      assert.deepEqual(
        shown.map(({ level, label, self, total }) => [level, label, self, total]),
        rows,
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
