import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { epochNanos } from '../../src/trace/time.ts';
import { whyNoChromium } from '../support/chromium.ts';
import { span } from '../support/spans.ts';
import { launch, openDocument } from './browser.ts';
import { fixture, recorded, spansDocument, WEBHOOK } from './documents.ts';

const START = 1_795_478_400_000_000_000n;

/** A request with steps, each given as its name and how long it took, one after another. */
function steps(...parts: readonly (readonly [name: string, millis: number])[]) {
  let at = START;
  const below = parts.map(([name, millis], index) => {
    const start = epochNanos(at);
    at += BigInt(millis) * 1_000_000n;
    return span({ id: (index + 2).toString(16), parent: '1', service: 'shop', name, start, end: epochNanos(at) });
  });
  const root = span({ id: '1', name: 'root', service: 'shop', start: epochNanos(START), end: epochNanos(at) });
  return spansDocument([root, ...below]);
}

/** The cells of the rows that are drawn. */
const cells = (page: Page): Promise<string[][]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('.pairs .rows [role=row]')]
      .map((row) => ({
        index: Number(row.getAttribute('aria-rowindex')),
        texts: [...row.querySelectorAll('[role=cell]')].map((cell) => cell.textContent),
      }))
      .sort((one, other) => one.index - other.index)
      .map(({ texts }) => texts),
  );

const tabs = (page: Page): Promise<string[]> =>
  page.getByRole('group', { name: 'view of the rows' }).getByRole('button').allInnerTexts();

suite('a page of two traces', { skip: whyNoChromium() }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser.close());

  test('opens with the rows of both, the largest difference first, and can be sorted', async () => {
    const [shown, compared] = [steps(['a', 3], ['b', 4], ['c', 5]), steps(['a', 1], ['d', 2], ['c', 5])];
    await using opened = await openDocument(browser, shown, { compared });
    const { page } = opened;
    const root = ['shop  root', '8.00 ms', '12.0 ms', '+4.00 ms', '+50 %', '0 ns'];
    const [a, b, c, d] = [
      ['a', '1.00 ms', '3.00 ms', '+2.00 ms', '+200 %', '+2.00 ms'],
      ['b', '', '4.00 ms', '+4.00 ms', 'new', '+4.00 ms'],
      ['c', '5.00 ms', '5.00 ms', '0 ns', '0 %', '0 ns'],
      ['d', '2.00 ms', '', '-2.00 ms', 'gone', '-2.00 ms'],
    ];
    assert.deepEqual(await cells(page), [root, b, a, c, d]);
    const header = (name: string) => page.getByRole('columnheader', { name }).getByRole('button');
    await page.locator('.pairs .header .name button').click();
    assert.deepEqual(await cells(page), [root, a, b, c, d], 'in the order of the tree');
    await header('Δ %').click();
    await header('Δ %').click();
    assert.deepEqual(await cells(page), [d, c, root, a, b], 'what became faster first, and no share last');
    assert.deepEqual(opened.incidents, []);
  });

  test('shows the details of a row that the shown trace has, and goes to the other views and back', async () => {
    await using opened = await openDocument(browser, steps(['a', 3]), { compared: steps(['a', 1], ['d', 2]) });
    const { page } = opened;
    await page.locator('.pairs').getByRole('button', { name: 'a', exact: true }).click();
    assert.equal(await page.locator('.trace > .details h2').first().innerText(), 'a');
    assert.equal(await page.locator('.pairs').getByRole('button', { name: 'd', exact: true }).count(), 0);
    await page.keyboard.press('1');
    assert.equal(await page.locator('[role=treegrid]').count(), 1);
    await page.keyboard.press('4');
    assert.equal(await page.locator('.pairs').count(), 1);
  });

  test('compares recorded requests, also on a narrow screen', async () => {
    const compared = recorded(37, 'masters-list', 'kubectl trace get nodes');
    await using opened = await openDocument(browser, await fixture(WEBHOOK), {
      compared,
      viewport: { width: 320, height: 640 },
    });
    const { page } = opened;
    const rows = Number(await page.locator('.pairs').getAttribute('aria-rowcount')) - 1;
    assert.ok(rows > 20, `${rows} rows`);
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await page.locator(`.pairs [aria-rowindex="${rows + 1}"]`).waitFor();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${wide} px beyond the screen`);
    assert.deepEqual(opened.incidents, []);
  });

  test('has no such view in a page of one trace', async () => {
    await using opened = await openDocument(browser, steps(['a', 3]));
    const { page } = opened;
    assert.deepEqual(await tabs(page), ['Waterfall', 'Flame graph', 'Table']);
    await page.keyboard.press('4');
    assert.equal(await page.locator('[role=treegrid]').count(), 1);
  });
});
