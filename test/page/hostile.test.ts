import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Browser } from 'playwright-core';
import type { JSONObject } from '../../src/report/json-value.ts';
import { writePage } from '../../src/page/write.ts';
import { epochNanos } from '../../src/trace/time.ts';
import { whyNoChromium } from '../support/chromium.ts';
import { resource, span, traceID, spanID } from '../support/spans.ts';
import { launch, openDocument, openHTML } from './browser.ts';
import { fixture, spansDocument, WEBHOOK } from './documents.ts';
import { HOSTILE } from './hostile-texts.ts';

const START = 1_795_478_400_000_000_000n;
const all = HOSTILE.join(' ');
const attributes = Object.fromEntries(
  HOSTILE.flatMap((text, index) => [
    [text, text],
    [`key ${index}`, [text, { [text]: text }]],
  ]),
);

const spans = [
  span({ id: '1', name: all, service: all, start: epochNanos(START), end: epochNanos(START + 1_000_000_000n) }),
  ...HOSTILE.map((text, index) =>
    span({
      id: (index + 2).toString(16),
      parent: '1',
      name: text,
      service: text,
      attributes: { ...attributes, large: 'x<'.repeat(500_000) },
      start: epochNanos(START + BigInt(index) * 50_000_000n),
      end: epochNanos(START + BigInt(index + 1) * 50_000_000n),
      status: { code: 'error', message: text },
      events: [{ name: text, time: epochNanos(START + 1n), attributes }],
      links: [{ traceID: traceID('b2'), spanID: spanID('b3'), attributes }],
      scope: { name: text, version: text },
    }),
  ),
];

suite('hostile data in a page executes nothing and loads nothing', { skip: whyNoChromium() }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser.close());

  test('in both traces of a comparison', async () => {
    const hostile = spansDocument(spans);
    await using opened = await openDocument(browser, hostile, { compared: hostile });
    const { page } = opened;
    await page.evaluate(() => document.querySelector('.pairs')?.scrollIntoView());
    await page.locator('.pairs .rows [aria-rowindex="2"]').waitFor();
    const text = await page.locator('main').innerText();
    assert.ok(text.includes('<script>globalThis.owned=1</script>'));
    assert.doesNotMatch(text.replace(/[\n\t]/g, ''), /[\p{Cc}\p{Cf}]/u);
    assert.equal(await page.evaluate(() => 'owned' in globalThis), false);
    assert.deepEqual(opened.incidents, []);
  });

  test('in names, services, attributes, events, links and statuses, in every view', async () => {
    await using opened = await openDocument(browser, spansDocument(spans));
    const { page } = opened;
    const actions = ['ArrowDown', 'ArrowDown', 'ArrowDown', 'a', 'a', 'p', 'ArrowDown', '2', '1', '3', '1', 'f', 'End'];
    for (const key of actions) await page.keyboard.press(key);
    await page.locator('#search').fill('owned=1');
    await page.keyboard.press('Enter');
    const text = await page.locator('main').innerText();
    assert.doesNotMatch(text.replace(/[\n\t]/g, ''), /[\p{Cc}\p{Cf}]/u);
    assert.match(text, /show all 1000000 characters/);
    assert.equal(await page.evaluate(() => 'owned' in globalThis), false);
    // The page made its own elements alone.
    assert.equal(await page.locator('img, iframe, form, base, style:not(head style), use').count(), 0);
    assert.deepEqual(opened.incidents, []);
  });

  test("in a server's messages, warnings and bodies", async () => {
    const document = await fixture(WEBHOOK);
    const [request] = document['requests'] as readonly JSONObject[];
    const hostile = {
      ...document,
      verdict: 'partial',
      error: { code: 1, reason: all, message: all, hint: all },
      command: { ...(document['command'] as JSONObject), args: [...HOSTILE] },
      backend: { kind: all, url: 'javascript:globalThis.owned=1', traceURL: 'javascript:globalThis.owned=1' },
      requests: [
        {
          ...request,
          path: all,
          warnings: [...HOSTILE],
          flowSchema: all,
          priorityLevel: all,
          outcome: all,
          body: { [all]: all },
        },
      ],
    } as unknown as JSONObject;
    await using opened = await openDocument(browser, hostile);
    const { page } = opened;
    for (const key of ['ArrowDown', 'ArrowDown', '2', '3']) await page.keyboard.press(key);
    assert.equal(await page.evaluate(() => 'owned' in globalThis), false);
    assert.equal(await page.locator('a').count(), 0);
    assert.deepEqual(opened.incidents, []);
  });

  test('of 10,000 services', async () => {
    const many = Array.from({ length: 10_000 }, (_, index) =>
      span({
        id: (index + 2).toString(16),
        parent: '1',
        name: `call ${index}`,
        start: epochNanos(START + BigInt(index) * 1000n),
        end: epochNanos(START + BigInt(index + 1) * 1000n),
      }),
    ).map((one, index) => ({ ...one, resource: resource(`service-${index}`) }));
    const root = span({
      id: '1',
      name: 'root',
      service: 'root',
      start: epochNanos(START),
      end: epochNanos(START + 10_000_000n),
    });
    await using opened = await openDocument(browser, spansDocument([root, ...many]));
    const { page } = opened;
    assert.ok((await page.locator('.components li').count()) <= 30);
    for (const key of ['a', 'a', 'End', '2', '3', '1']) await page.keyboard.press(key);
    assert.equal(await page.locator('[role=treegrid]').getAttribute('aria-rowcount'), '10002');
    assert.ok((await page.locator('*').count()) < 3000);
    assert.deepEqual(opened.incidents, []);
  });

  test('a script that was added to the file is refused by its policy', async () => {
    const html = (await writePage(await fixture(WEBHOOK))).replace(
      '<div id="page">',
      '<script>owned = 1</script><div id="page">',
    );
    await using opened = await openHTML(browser, html);
    assert.equal(await opened.page.evaluate(() => 'owned' in globalThis), false);
    assert.match(opened.incidents.join('\n'), /policy: script-src/);
  });

  test('a page without a document, or with another kind of one, says so', async () => {
    await using opened = await openDocument(browser, { kind: all, apiVersion: all });
    assert.match(
      await opened.page.locator('main').innerText(),
      /This page cannot be shown[^]*invalid document|of version/,
    );
    assert.deepEqual(opened.incidents, []);
  });
});
