import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import type { JSONObject } from '../../src/report/json-value.ts';
import { whyNoChromium } from '../support/chromium.ts';
import { cleanHome, kubectlTrace } from '../support/kubectl-trace.ts';
import { exportRequest, newTrace } from '../support/otlp.ts';
import { startServe, type RunningServe } from '../support/serve.ts';
import { allRows, launch, openAddress } from './browser.ts';
import { expectedOf } from './expected.ts';
import { violations } from './violations.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures/', import.meta.url));
const STORIES = { HotROD: 'jaeger/hotrod-v1.json', 'nodes with tracing': 'screens/get-nodes-with-tracing.json' };
const FOREIGN_NAME = 'traces.example';

suite('the page of a trace in serve', { skip: whyNoChromium() }, () => {
  const home = cleanHome();
  let serve: RunningServe;
  let browser: Browser;
  before(async () => {
    serve = await startServe(home.path);
    browser = await launch([`--host-resolver-rules=MAP ${FOREIGN_NAME} 127.0.0.1`]);
  });
  after(async () => {
    await browser?.close();
    await serve?.end();
    home.remove();
  });

  const run = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await kubectlTrace(home.path, args);
    assert.equal(code, 0, stderr);
    return stdout;
  };

  async function send(type: string, body: string | Uint8Array<ArrayBuffer>): Promise<void> {
    const headers = { 'content-type': type };
    const { status } = await fetch(`http://${serve.otlp}/v1/traces`, { method: 'POST', headers, body });
    assert.equal(status, 200);
  }

  /** Sends the spans of a file, and resolves with the trace ID. */
  async function sendFile(file: string): Promise<string> {
    await send('application/json', await run('show', `${FIXTURES}${file}`, '-o', 'otlp'));
    return (await run('show', `${FIXTURES}${file}`, '-o', 'jsonpath={.trace.spans[0].traceID}')).trim();
  }

  async function sendSpan(name: string): Promise<string> {
    const trace = newTrace();
    await send(
      'application/x-protobuf',
      new Uint8Array(exportRequest([{ trace, span: 'b7ad6b7169203331', name, start: 1_795_478_400_000_000_000n }])),
    );
    return trace;
  }

  for (const [story, file] of Object.entries(STORIES)) {
    test(`${story}: has the rows and times of the tree`, async () => {
      const id = await sendFile(file);
      const { rows } = expectedOf(JSON.parse(await run('show', id, '--no-history', '-o', 'json')) as JSONObject);
      assert.ok(rows.length > 5);
      await using opened = await openAddress(browser, `${serve.query}/trace/${id}`);
      const shown = await allRows(opened.page);
      assert.deepEqual(
        shown.map(({ level, label, self, total }) => [level, label, self, total]),
        rows,
      );
      assert.deepEqual(opened.incidents, []);
    });
  }

  test('a link to a span opens it, and a name that is markup is text', async () => {
    const name = '</script><img src=x onerror="globalThis.owned=1">';
    const id = await sendSpan(name);
    await using opened = await openAddress(browser, `${serve.query}/trace/${id}#span=b7ad6b7169203331`);
    const selected = opened.page.locator('[role=treegrid] .rows [aria-selected=true] .label');
    assert.match((await selected.textContent()) ?? '', /onerror/);
    assert.equal(await opened.page.evaluate(() => 'owned' in globalThis), false);
    assert.deepEqual(opened.incidents, []);
  });

  test('the start page lists the latest traces, with links to their pages', async () => {
    const id = await sendFile(STORIES.HotROD);
    const last = await sendSpan('last <b>bold</b>\u202e');
    const hotrod = JSON.parse(await run('show', id, '--no-history', '-o', 'json')) as JSONObject;
    await using opened = await openAddress(browser, `${serve.query}/`);
    const { page } = opened;
    const lines = await page.locator('tbody tr').all();
    assert.equal(await lines[0]!.locator('a').getAttribute('href'), `/trace/${last}`);
    assert.equal(await lines[0]!.locator('a').textContent(), 'last <b>bold</b>\\u202e');
    const spans = (hotrod['trace'] as { spans: readonly { status?: object }[] }).spans.length;
    const cells = await lines[1]!.locator('td').allTextContents();
    const { rows } = expectedOf(hotrod);
    assert.deepEqual(cells.slice(1), ['frontend', '/dispatch', rows[0]![3], String(spans), '3 failed spans']);
    assert.deepEqual(opened.incidents, []);

    await lines[1]!.locator('a').click();
    await page.waitForSelector('[role=treegrid]');
    assert.equal(new URL(page.url()).pathname, `/trace/${id}`);
  });

  test('its form searches by service, operation, attribute and duration, and says what it refuses', async () => {
    const id = await sendFile(STORIES.HotROD);
    await sendSpan('of another service');
    await using opened = await openAddress(browser, `${serve.query}/`);
    const { page } = opened;
    const found = async (): Promise<(string | null)[]> => {
      await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Search' }).click()]);
      return Promise.all((await page.locator('tbody a').all()).map((link) => link.getAttribute('href')));
    };
    await page.getByLabel('Service').selectOption('frontend');
    // The recording is older than what is searched by default.
    await page.getByLabel('In the last').fill('100000h');
    assert.deepEqual(await found(), [`/trace/${id}`]);
    assert.equal(await page.getByLabel('Service').inputValue(), 'frontend');
    await page.getByLabel('At least').fill('1h');
    assert.deepEqual(await found(), []);
    await page.getByLabel('At least').fill('');
    await page.getByLabel('Attribute').fill('http.method:GET');
    assert.deepEqual(await found(), [`/trace/${id}`]);
    await page.getByLabel('Attribute').fill('http.method:PUT');
    assert.deepEqual(await found(), []);
    await page.getByLabel('Attribute').fill('no colon');
    assert.deepEqual(await found(), []);
    assert.match(await page.getByRole('alert').innerText(), /expecting key:value/);
  });

  test('the start page has no violation of WCAG AA, and fits 320 pixels', async () => {
    await sendFile(STORIES.HotROD);
    for (const colorScheme of ['light', 'dark'] as const) {
      await using opened = await openAddress(browser, `${serve.query}/`, {
        colorScheme,
        viewport: { width: 320, height: 640 },
      });
      const { page } = opened;
      const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
      assert.deepEqual(await violations(page, { runOnly: tags }), []);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
    }
  });

  test('a web page from elsewhere can link to it, but not frame it or hold its window', async () => {
    const url = `${serve.query}/trace/${await sendSpan('secret')}`;
    const foreign = createServer((_, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(`<iframe src="${url}"></iframe><a href="${url}" target="other" rel="opener">link</a>`);
    }).listen(0, '127.0.0.1');
    await once(foreign, 'listening');
    try {
      const context = await browser.newContext();
      const page = await context.newPage();
      // The same address by another port is the same site, and another name another site.
      for (const host of ['127.0.0.1', 'localhost']) {
        const framed = page.waitForResponse(url);
        await page.goto(`http://${host}:${(foreign.address() as AddressInfo).port}/`);
        assert.equal((await framed).status(), 403);
        const [linked] = await Promise.all([context.waitForEvent('page'), page.click('a')]);
        await linked.waitForSelector('main');
        assert.match(await linked.locator('main').innerText(), /secret/);
        assert.equal(await linked.evaluate(() => globalThis.opener as unknown), null);
        await linked.close();
      }
      await context.close();
    } finally {
      foreign.close();
      foreign.closeAllConnections();
    }
  });

  test('nothing frames it, even from its own address', async () => {
    const url = `${serve.query}/trace/${await sendSpan('secret')}`;
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${serve.query}/api/services`);
    const said = page.waitForEvent('console');
    await page.evaluate((src) => document.body.append(Object.assign(document.createElement('iframe'), { src })), url);
    assert.match((await said).text(), /frame-ancestors 'none'/);
    await context.close();
  });

  test('a name that a web page gave this machine is refused', async () => {
    const id = await sendSpan('secret');
    const context = await browser.newContext();
    const page = await context.newPage();
    const response = await page.goto(`${serve.query.replace('127.0.0.1', FOREIGN_NAME)}/trace/${id}`);
    assert.equal(response?.status(), 403);
    assert.doesNotMatch(await page.content(), /secret|application\/gzip/);
    await context.close();
  });
});
