import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, suite, test } from 'node:test';
import type { JSONObject } from '../../src/report/json-value.ts';
import { whyNoChromium } from '../support/chromium.ts';
import { allRows } from './browser.ts';
import { expectedOf } from './expected.ts';
import { FOREIGN_NAME, SPAN, startServingBrowser, type ServingBrowser } from './serving.ts';

const STORIES = { HotROD: 'jaeger/hotrod-v1.json', 'nodes with tracing': 'screens/get-nodes-with-tracing.json' };

suite('the page of a trace in serve', { skip: whyNoChromium() }, () => {
  let serving: ServingBrowser;
  before(async () => {
    serving = await startServingBrowser();
  });
  after(() => serving?.[Symbol.asyncDispose]());

  for (const [story, file] of Object.entries(STORIES)) {
    test(`${story}: has the rows and times of the tree`, async () => {
      const id = await serving.sendFile(file);
      const { rows } = expectedOf(
        JSON.parse(await serving.run('show', id, '--no-history', '-o', 'json')) as JSONObject,
      );
      assert.ok(rows.length > 5);
      await using opened = await serving.open(`/trace/${id}`);
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
    const id = await serving.sendSpan(name);
    await using opened = await serving.open(`/trace/${id}#span=${SPAN}`);
    const selected = opened.page.locator('[role=treegrid] .rows [aria-selected=true] .label');
    assert.match((await selected.textContent()) ?? '', /onerror/);
    assert.equal(await opened.page.evaluate(() => 'owned' in globalThis), false);
    assert.deepEqual(opened.incidents, []);
  });

  test('a web page from elsewhere can link to it, but not frame it or hold its window', async () => {
    const url = `${serving.serve.query}/trace/${await serving.sendSpan('secret')}`;
    const foreign = createServer((_, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(`<iframe src="${url}"></iframe><a href="${url}" target="other" rel="opener">link</a>`);
    }).listen(0, '127.0.0.1');
    await once(foreign, 'listening');
    try {
      const context = await serving.browser.newContext();
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
    const url = `${serving.serve.query}/trace/${await serving.sendSpan('secret')}`;
    const context = await serving.browser.newContext();
    const page = await context.newPage();
    await page.goto(`${serving.serve.query}/api/services`);
    const said = page.waitForEvent('console');
    await page.evaluate((src) => document.body.append(Object.assign(document.createElement('iframe'), { src })), url);
    assert.match((await said).text(), /frame-ancestors 'none'/);
    await context.close();
  });

  test('a name that a web page gave this machine is refused', async () => {
    const id = await serving.sendSpan('secret');
    const context = await serving.browser.newContext();
    const page = await context.newPage();
    const response = await page.goto(`${serving.serve.query.replace('127.0.0.1', FOREIGN_NAME)}/trace/${id}`);
    assert.equal(response?.status(), 403);
    assert.doesNotMatch(await page.content(), /secret|application\/gzip/);
    await context.close();
  });
});
