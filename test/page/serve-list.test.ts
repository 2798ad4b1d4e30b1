import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { JSONObject } from '../../src/report/json-value.ts';
import { whyNoChromium } from '../support/chromium.ts';
import { newTrace } from '../support/otlp.ts';
import { expectedOf } from './expected.ts';
import { SPAN, startServingBrowser, type ServingBrowser } from './serving.ts';
import { violations } from './violations.ts';

const HOTROD = 'jaeger/hotrod-v1.json';
const EVER = '100000h';

const links = async (page: Page): Promise<(string | null)[]> =>
  Promise.all((await page.locator('tbody .name:nth-child(3) a').all()).map((link) => link.getAttribute('href')));

const cellsOf = (page: Page, id: string): Promise<string[]> => page.locator(`tr[data-id="${id}"] td`).allTextContents();

suite('the start page of serve', { skip: whyNoChromium() }, () => {
  let serving: ServingBrowser;
  before(async () => {
    serving = await startServingBrowser();
  });
  after(() => serving?.[Symbol.asyncDispose]());

  /** What `show` prints of a stored trace. */
  const shown = async (id: string): Promise<JSONObject> =>
    JSON.parse(await serving.run('show', id, '--no-history', '-o', 'json')) as JSONObject;

  test('lists the latest traces with the verdict and the findings of `show`', async () => {
    const id = await serving.sendFile(HOTROD);
    const last = await serving.sendSpan('last <b>bold</b>\u202e');
    const document = await shown(id);
    await using opened = await serving.open('/');
    const { page } = opened;
    assert.deepEqual((await links(page)).slice(0, 2), [`/trace/${last}`, `/trace/${id}`]);
    assert.equal((await cellsOf(page, last))[2], 'last <b>bold</b>\\u202e');
    const spans = (document['trace'] as { spans: readonly object[] }).spans.length;
    const { rows } = expectedOf(document);
    const { findings } = document['summary'] as { findings: readonly { headline: string; spanIDs: string[] }[] };
    assert.ok(findings.length > 0);
    const more = findings.length === 1 ? '' : ` (and ${Math.min(findings.length, 3) - 1} more)`;
    assert.deepEqual((await cellsOf(page, id)).slice(1), [
      'frontend',
      '/dispatch',
      rows[0]![3],
      String(spans),
      '3 failed spans',
      document['verdict'],
      `${findings[0]?.headline}${more}`,
    ]);
    const finding = page.locator(`tr[data-id="${id}"] td:last-child a`);
    assert.equal(await finding.getAttribute('href'), `/trace/${id}#span=${findings[0]?.spanIDs[0]}`);
    assert.deepEqual(opened.incidents, []);

    await finding.click();
    await page.locator('[role=treegrid] .rows [aria-selected=true]').waitFor();
    assert.equal(new URL(page.url()).hash, `#span=${findings[0]?.spanIDs[0]}`);
  });

  test('searches by every condition of its form, and Back leads from a trace to the same search', async () => {
    const id = await serving.sendFile(HOTROD);
    await serving.sendSpan('of another service');
    await using opened = await serving.open('/');
    const { page } = opened;
    const found = async (values: Readonly<Record<string, string>>): Promise<(string | null)[]> => {
      await page.goto(`${serving.serve.query}/`);
      await page.getByLabel('Service').selectOption('frontend');
      for (const [label, value] of Object.entries({ 'In the last': EVER, ...values })) {
        await page.getByLabel(label, { exact: true }).fill(value);
      }
      await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Search' }).click()]);
      return links(page);
    };
    const [hit, none]: [string[], string[]] = [[`/trace/${id}`], []];
    const began = new Date((await cellsBegan(page, id)).replace(' ', 'T'));
    const local = (addedMinutes: number): string =>
      new Date(began.getTime() + addedMinutes * 60_000).toISOString().slice(0, 19);
    assert.deepEqual(await found({}), hit);
    assert.deepEqual(await found({ Operation: 'HTTP GET /dispatch' }), none);
    assert.deepEqual(await found({ Operation: '/dispatch' }), hit);
    assert.deepEqual(await found({ 'At least': '1h' }), none);
    assert.deepEqual(await found({ 'At most': '1ns' }), none);
    assert.deepEqual(await found({ 'In the last': '', 'From (UTC)': local(-1), 'Until (UTC)': local(1) }), hit);
    assert.deepEqual(await found({ 'In the last': '', 'From (UTC)': local(1) }), none);
    assert.deepEqual(await found({ Attribute: 'http.method:PUT' }), none);
    assert.deepEqual(await found({ Attribute: 'http.method:GET', 'At least': '1ms' }), hit);

    const search = page.url();
    await page.locator('tbody a').first().click();
    await page.locator('[role=treegrid]').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.waitForURL(/#span=/);
    await page.goBack();
    assert.equal(page.url(), search);
    assert.deepEqual(await links(page), hit);
    assert.equal(await page.getByLabel('Service').inputValue(), 'frontend');
    assert.equal(await page.getByLabel('Attribute', { exact: true }).inputValue(), 'http.method:GET');
  });

  const cellsBegan = async (page: Page, id: string): Promise<string> => (await cellsOf(page, id))[0] ?? '';

  test('says what it refuses, and keeps what was filled in', async () => {
    await serving.sendFile(HOTROD);
    await using opened = await serving.open('/');
    const { page } = opened;
    await page.getByLabel('Attribute').fill('no colon');
    const refused = page.waitForResponse(/tag=no\+colon/);
    await page.keyboard.press('Enter');
    assert.equal((await refused).status(), 400);
    assert.match(await page.getByRole('alert').innerText(), /choose a service/);
    assert.equal(await page.getByLabel('Attribute').first().inputValue(), 'no colon');
  });

  test('has new traces while they arrive, where the focus stays', async () => {
    const first = await serving.sendSpan('first');
    await using opened = await serving.open('/');
    const { page } = opened;
    await page.locator('#live').filter({ hasText: 'Updated as spans arrive' }).waitFor();
    const link = page.locator(`tr[data-id="${first}"] td:nth-child(3) a`);
    await link.focus();
    const second = await serving.sendSpan('second <b>');
    await page.locator(`tr[data-id="${second}"]`).waitFor();
    assert.deepEqual((await links(page)).slice(0, 2), [`/trace/${second}`, `/trace/${first}`]);
    assert.equal((await cellsOf(page, second))[2], 'second <b>');
    assert.equal(await link.evaluate((element) => element === document.activeElement), true);
    // The same trace comes first again when more of its spans come, with the focus.
    await serving.send([{ trace: first, parent: SPAN, name: 'child', failed: true }]);
    await page.locator(`tr[data-id="${first}"]:first-child`).waitFor();
    assert.equal((await cellsOf(page, first))[4], '2');
    assert.equal(await link.evaluate((element) => element === document.activeElement), true);
    assert.deepEqual(opened.incidents, []);
  });

  test('has a verdict that settles, and services that begin to send', async () => {
    const [trace, now] = [newTrace(), BigInt(Date.now()) * 1_000_000n];
    await using opened = await serving.open('/');
    const { page } = opened;
    await serving.send([{ trace, start: now }], 'a new service');
    await page.locator(`tr[data-id="${trace}"]`, { hasText: 'partial' }).waitFor();
    assert.ok((await page.getByLabel('Service').locator('option').allTextContents()).includes('a new service'));
    await page.locator(`tr[data-id="${trace}"]`, { hasText: 'settled' }).waitFor();
  });

  test('sends no request while it cannot be seen', async () => {
    await using opened = await serving.open('/');
    const { page } = opened;
    await page.locator('#live').filter({ hasText: 'Updated' }).waitFor();
    await show(page, 'hidden');
    let requests = 0;
    page.on('request', () => requests++);
    const trace = await serving.sendSpan('while hidden');
    // More than the longest pause between two requests.
    await page.waitForTimeout(11_000);
    assert.equal(requests, 0);
    await show(page, 'visible');
    await page.locator(`tr[data-id="${trace}"]`).waitFor();
  });

  test('is complete without JavaScript', async () => {
    const id = await serving.sendFile(HOTROD);
    const context = await serving.browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${serving.serve.query}/`);
    assert.ok((await links(page)).includes(`/trace/${id}`));
    await page.getByLabel('Service').selectOption('frontend');
    await page.getByLabel('In the last').fill(EVER);
    await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
    assert.deepEqual(await links(page), [`/trace/${id}`]);
    await context.close();
  });

  test('can be used by keyboard alone', async () => {
    const id = await serving.sendFile(HOTROD);
    await using opened = await serving.open(`/?service=frontend&lookback=${EVER}`);
    const { page } = opened;
    const focused = (): Promise<string> =>
      page.evaluate(() => {
        const element = document.activeElement;
        return element instanceof HTMLAnchorElement ? element.pathname : (element?.getAttribute('name') ?? '');
      });
    const order: string[] = [];
    for (let tabs = 0; tabs < 40 && order.at(-1) !== `/trace/${id}`; tabs++) {
      await page.keyboard.press('Tab');
      if (order.at(-1) !== (await focused())) order.push(await focused());
    }
    const form = ['service', 'operation', 'tag', 'minDuration', 'maxDuration', 'lookback', 'from', 'until', ''];
    assert.deepEqual(order, [...form, '/', '', `/trace/${id}`]);
    await page.keyboard.press('Enter');
    await page.locator('[role=treegrid]').waitFor();
    assert.equal(new URL(page.url()).pathname, `/trace/${id}`);
  });

  for (const query of ['', '?service=none', `?service=frontend&lookback=${EVER}&limit=1`]) {
    test(`/${query} has no violation of WCAG AA, and fits 320 pixels`, async () => {
      await serving.sendFile(HOTROD);
      for (const colorScheme of ['light', 'dark'] as const) {
        await using opened = await serving.open(`/${query}`, {
          colorScheme,
          viewport: { width: 320, height: 640 },
          bypassCSP: true,
        });
        const { page } = opened;
        const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
        assert.deepEqual(await violations(page, { runOnly: tags }), []);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
      }
    });
  }
});

/** The tab of a page is left, or shown again. */
const show = (page: Page, state: 'hidden' | 'visible'): Promise<void> =>
  page.evaluate((value) => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => value });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);
