import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { whyNoChromium } from '../support/chromium.ts';
import { allRows, launch, openDocument } from './browser.ts';
import { fixture, hotrod, manySpans, WEBHOOK } from './documents.ts';

const axis = async (page: Page): Promise<string> => (await page.locator('.axis').getAttribute('aria-label')) ?? '';

/** The element that has the focus, as a person would name it; undefined after the last one. */
const focused = (page: Page): Promise<{ readonly name: string; readonly outline: string } | undefined> =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    if (element === document.body) return undefined;
    const name = element.getAttribute('aria-label') ?? element.id.replace(/^row-.*/, '');
    const label = element.closest('label')?.firstChild?.textContent?.trim();
    return {
      name: name || (label ?? element.textContent.trim()),
      outline: getComputedStyle(element).outlineStyle,
    };
  });

suite('a page is handled', { skip: whyNoChromium() }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser.close());

  test('by Tab, in the order of the page, with a focus that can be seen', async () => {
    await using opened = await openDocument(browser, await fixture(WEBHOOK));
    const { page } = opened;
    const names: string[] = [];
    for (;;) {
      await page.keyboard.press('Tab');
      const element = await focused(page);
      if (element === undefined) break;
      assert.notEqual(element.outline, 'none', element.name);
      names.push(element.name);
    }
    assert.deepEqual(names, [
      'show the span',
      'Critical path: 204 ms',
      'Waterfall',
      'Flame graph',
      'Table',
      'search',
      'hide shorter than',
      'show',
      'Critical path',
      'Keys',
      'rows of the trace',
    ]);
  });

  test('by Enter, which draws what a folded row stands for, and by a click on its sign', async () => {
    await using opened = await openDocument(browser, await fixture(WEBHOOK));
    const { page } = opened;
    const [first, second] = (await allRows(page)).filter(({ label }) => label.includes('fast steps'));
    assert.ok(first !== undefined && second !== undefined);
    const rows = async (): Promise<number> =>
      Number(await page.locator('[role=treegrid]').getAttribute('aria-rowcount'));
    const folded = await rows();
    for (let row = 1; row < first.index; row++) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const once = await rows();
    assert.ok(once > folded, `${once} rows`);
    await page.locator('.row', { hasText: second.label }).locator('.twisty').click();
    assert.ok((await rows()) > once);
  });

  test('without a sign on a merged row that cannot be drawn as several', async () => {
    await using opened = await openDocument(browser, await fixture(WEBHOOK));
    const row = opened.page.locator('.row', { hasText: '12 admission plug-ins' });
    assert.equal(await row.locator('.twisty').innerText(), '');
    assert.equal(
      await opened.page.locator('.row', { hasText: 'fast steps' }).first().locator('.twisty').innerText(),
      '⋯',
    );
  });

  test('by the wheel on the axis: with Ctrl it zooms, with Shift it moves, else it scrolls', async () => {
    await using opened = await openDocument(browser, await hotrod());
    const { page } = opened;
    const box = await page.locator('.axis').boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + box.width / 2, box.y + 10);
    const whole = await axis(page);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -300);
    await page.keyboard.up('Control');
    await page.waitForFunction((text) => document.querySelector('.axis')?.getAttribute('aria-label') !== text, whole);
    const zoomed = await axis(page);
    await page.keyboard.down('Shift');
    await page.mouse.wheel(0, 300);
    await page.keyboard.up('Shift');
    await page.waitForFunction((text) => document.querySelector('.axis')?.getAttribute('aria-label') !== text, zoomed);
    const moved = await axis(page);
    await page.mouse.wheel(0, 100);
    await page.waitForFunction(() => scrollY > 0);
    assert.equal(await axis(page), moved);
  });

  test('on paper: every row on as many sheets as it needs, and nothing that only a screen has', async () => {
    await using opened = await openDocument(browser, await manySpans(1000));
    const { page } = opened;
    const sheets = async (): Promise<number> =>
      (await page.pdf()).toString('latin1').match(/\/Type ?\/Page\b/g)?.length ?? 0;
    const folded = await sheets();
    for (const key of ['a', 'a']) await page.keyboard.press(key);
    const rows = Number(await page.locator('[role=treegrid]').getAttribute('aria-rowcount')) - 1;
    assert.equal(rows, 1000);
    const all = await sheets();
    assert.ok(all > folded && all >= 20, `${folded} and ${all} sheets`);
    await page.emulateMedia({ media: 'print' });
    for (const hidden of ['.toolbar', '.findings button']) {
      for (const element of await page.locator(hidden).all()) assert.equal(await element.isVisible(), false, hidden);
    }
  });
});
