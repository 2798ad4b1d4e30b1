import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { whyNoChromium } from '../support/chromium.ts';
import { launch, openDocument } from './browser.ts';
import { fixture, recorded, WEBHOOK } from './documents.ts';
import { violations } from './violations.ts';

/** What a person has done before the page is checked. */
const SCENES: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  'as it is opened': async () => {},
  'with a selected row': async (page) => {
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'm', 'p']) await page.keyboard.press(key);
  },
  'with something found': async (page) => page.locator('#search').fill('webhook'),
  'as a flame graph': async (page) => page.keyboard.press('2'),
  'as a table': async (page) => page.keyboard.press('3'),
  'as a comparison': async (page) => page.locator('.pairs .delta').first().waitFor(),
  'with its keys': async (page) => page.keyboard.press('?'),
};

suite('axe-core finds no violation of WCAG AA in the page', { skip: whyNoChromium() }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser.close());

  for (const [scene, act] of Object.entries(SCENES)) {
    test(scene, async () => {
      const document = await fixture(WEBHOOK);
      const compared = scene === 'as a comparison' ? { compared: recorded(37, 'masters-list', 'get') } : {};
      await using opened = await openDocument(browser, document, { bypassCSP: true, ...compared });
      await act(opened.page);
      assert.deepEqual(
        await violations(opened.page, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }),
        [],
      );
      // The structure is the same in the dark.
      await opened.page.emulateMedia({ colorScheme: 'dark' });
      assert.deepEqual(await violations(opened.page, { runOnly: { type: 'rule', values: ['color-contrast'] } }), []);
    });
  }
});
