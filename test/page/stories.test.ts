import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { JSONObject } from '../../src/report/json-value.ts';
import { whyNoChromium } from '../support/chromium.ts';
import { nanos } from '../../src/trace/time.ts';
import { allRows, launch, openDocument, type ScreenRow } from './browser.ts';
import { fixture, helm, hotrod, manySpans, pod, recorded, WEBHOOK } from './documents.ts';
import { expectedOf, type Expected } from './expected.ts';

/** The browser and the terminal break lines and leave gaps in other places. */
const plain = (text: string): string => text.replace(/\s+/g, ' ');

interface Summary {
  readonly findings: readonly { readonly id: string; readonly headline: string }[];
}

/** The findings of a document, as far as a page lists them: an offset of clocks is one of its sentences. */
const findingsOf = ({ summary }: JSONObject): readonly string[] =>
  ((summary as Summary | null)?.findings ?? [])
    .filter(({ id }) => id !== 'clock-offset')
    .map(({ headline }) => headline);

/** Scrolls through all rows: they are these, and the grid numbers and counts them as they are. */
async function assertRows(page: Page, rows: Expected['rows']): Promise<void> {
  const shown = await allRows(page);
  assert.equal(await page.locator('[role=treegrid]').getAttribute('aria-rowcount'), String(rows.length + 1));
  assert.equal(shown.length, rows.length);
  const cells = ({ index, level, label, self, total }: ScreenRow): unknown[] => [index, level, label, self, total];
  // One row at a time: a difference of 100,000 rows cannot be read.
  for (const [index, row] of rows.entries()) assert.deepEqual(cells(shown[index]!), [index + 2, ...row]);
}

const STORIES: Readonly<Record<string, () => Promise<JSONObject> | JSONObject>> = {
  'a list': () => recorded(37, 'admin-list', 'kubectl trace get configmaps'),
  'a slow webhook, by the metrics': () => fixture(WEBHOOK),
  'a failed request': () => recorded(37, 'admin-conflict', 'kubectl trace replace -f web.yaml'),
  'a list by system:masters': () => recorded(29, 'masters-list', 'kubectl trace get configmaps'),
  'run helm': () => helm(),
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

      await assertRows(page, rows);
      const [headline = ''] = screen.split('\n');
      const text = await page.locator('main').innerText();
      assert.ok(plain(text).includes(plain(headline.replace(/^▲ /, ''))), headline);
      const findings = await page.locator('.finding strong').allInnerTexts();
      assert.deepEqual(findings.toSorted(), findingsOf(document).toSorted());
      assert.deepEqual(opened.incidents, []);
    });
  }

  test('100,000 spans: the rows of the tree, and every span where nothing is folded', async () => {
    const many = await manySpans(100_000);
    // A tall window has to be scrolled less often.
    await using opened = await openDocument(browser, many, { viewport: { width: 1280, height: 6000 } });
    const { page } = opened;
    await assertRows(page, expectedOf(many).rows);
    for (const key of ['a', 'a']) await page.keyboard.press(key);
    // Most of the time would be spent on pixels, which this does not look at.
    await page.evaluate(() => document.body.style.setProperty('visibility', 'hidden'));
    const { rows } = expectedOf(many, { full: true, unfolded: true, minDuration: nanos(0) });
    assert.equal(rows.length, 100_000);
    await assertRows(page, rows);
    assert.deepEqual(opened.incidents, []);
  });
});
