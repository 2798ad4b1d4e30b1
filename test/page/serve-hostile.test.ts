import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { whyNoChromium } from '../support/chromium.ts';
import { newTrace } from '../support/otlp.ts';
import { HOSTILE } from './hostile-texts.ts';
import { FOREIGN_NAME, SPAN, startServingBrowser, type ServingBrowser } from './serving.ts';

const EVER = 'lookback=900000h';

/** Elements that a hostile text would have made. */
const MADE = 'img, iframe, svg, base, meta[http-equiv=refresh], tbody script, form:not([action="/"]), main style';

async function assertUnharmed(page: Page): Promise<void> {
  assert.equal(await page.evaluate(() => 'owned' in globalThis), false);
  assert.equal(await page.locator(MADE).count(), 0);
  const text = await page.locator('main').innerText();
  assert.doesNotMatch(text.replace(/[\n\t]/g, ''), /[\p{Cc}\p{Cf}]/u);
}

suite('hostile spans and web pages do nothing to the start page of serve', { skip: whyNoChromium() }, () => {
  let serving: ServingBrowser;
  before(async () => {
    serving = await startServingBrowser();
    for (const text of HOSTILE) await serving.send(spanOf(text), text);
  });
  after(() => serving?.[Symbol.asyncDispose]());

  const spanOf = (text: string) => {
    const root = newTrace();
    return [
      { trace: root, span: SPAN, name: text, attributes: { [text]: text }, failed: true },
      { trace: root, parent: SPAN, name: `${text} below`, failed: true },
    ];
  };

  test('names that are markup, addresses or code are text in the list, when they arrive too', async () => {
    await using opened = await serving.open('/');
    const { page } = opened;
    assert.equal(await page.locator('tbody tr').count(), HOSTILE.length);
    assert.ok((await page.locator('tbody').innerText()).includes('<script>globalThis.owned=1</script>'));
    await assertUnharmed(page);
    for (const text of HOSTILE) await serving.send(spanOf(`live ${text}`), `live ${text}`);
    await page
      .locator('tbody tr')
      .nth(HOSTILE.length * 2 - 1)
      .waitFor();
    await page
      .locator('tbody tr', { hasText: `live ${HOSTILE[0]}` })
      .first()
      .waitFor();
    await assertUnharmed(page);
    const addresses = await page
      .locator('tbody a')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
    assert.deepEqual(
      addresses.filter((href) => !/^\/trace\/[0-9a-f]{32}(?:#span=[0-9a-f]{16})?$/.test(href)),
      [],
    );
    assert.deepEqual(opened.incidents, []);
  });

  test('a search for them finds their traces, and shows what was searched for as text', async () => {
    for (const text of HOSTILE) {
      const query = new URLSearchParams({ service: text, operation: text, tag: `${text}:${text}` });
      // A name with a colon is no name of an attribute that can be searched for.
      if (text.includes(':')) query.delete('tag');
      await using opened = await serving.open(`/?${query}&${EVER}`);
      const { page } = opened;
      assert.equal(await page.locator('tbody tr').count(), 1, text);
      assert.equal(await page.getByLabel('Operation').inputValue(), fieldText(text));
      await assertUnharmed(page);
      assert.deepEqual(opened.incidents, []);
    }
  });

  /** A field of one line has no characters that end it. */
  const fieldText = (text: string): string => text.replaceAll('\u0000', '\ufffd').replace(/[\r\n]/g, '');

  test('a search that is refused shows what was searched for as text', async () => {
    for (const name of ['operation', 'tag', 'minDuration', 'lookback', 'from', 'limit']) {
      for (const text of HOSTILE) {
        const context = await serving.browser.newContext();
        const page = await context.newPage();
        const query = new URLSearchParams({ [name]: text, ...(name !== 'operation' && { service: 'none' }) });
        const response = await page.goto(`${serving.serve.query}/?${query}`);
        assert.ok([200, 400].includes(response?.status() ?? 0));
        await assertUnharmed(page);
        await context.close();
      }
    }
  });

  test('a web page from elsewhere reads nothing of it, in any way', async () => {
    const address = serving.serve.query;
    const foreign = createServer((_, response) => {
      response.setHeader('content-type', 'text/html');
      response.end('<!doctype html><title>foreign</title>');
    }).listen(0, '127.0.0.1');
    await once(foreign, 'listening');
    const { port } = foreign.address() as AddressInfo;
    try {
      for (const host of ['127.0.0.1', 'localhost', FOREIGN_NAME]) {
        const context = await serving.browser.newContext();
        const page = await context.newPage();
        await page.goto(`http://${host}:${port}/`);
        const statuses: number[] = [];
        let requests = 0;
        page.on('request', (request) => {
          if (request.url().startsWith(address)) requests++;
        });
        page.on('response', (response) => {
          if (response.url().startsWith(address)) statuses.push(response.status());
        });
        const read = await page.evaluate(readFrom, address);
        assert.deepEqual(read, []);
        // The browser shows no status of what it blocks itself.
        assert.ok(requests >= 9 && statuses.length >= 3, `${host}: ${requests} requests, ${statuses.join()}`);
        assert.deepEqual(
          statuses.filter((status) => status !== 403),
          [],
          host,
        );
        await context.close();
      }
    } finally {
      foreign.close();
      foreign.closeAllConnections();
    }
  });

  test('nothing frames it, even from its own address', async () => {
    const context = await serving.browser.newContext();
    const page = await context.newPage();
    await page.goto(`${serving.serve.query}/api/services`);
    const said = page.waitForEvent('console');
    const src = `${serving.serve.query}/?service=none`;
    await page.evaluate(
      (url) => document.body.append(Object.assign(document.createElement('iframe'), { src: url })),
      src,
    );
    assert.match((await said).text(), /frame-ancestors 'none'/);
    await context.close();
  });

  test('a name that a web page gave this machine is refused, for its list and for spans', async () => {
    const trace = await serving.sendSpan('secret');
    const context = await serving.browser.newContext();
    const page = await context.newPage();
    const address = serving.serve.query.replace('127.0.0.1', FOREIGN_NAME);
    for (const path of ['/', '/?service=shop', `/api/v3/traces/${trace}`, '/api/services']) {
      const response = await page.goto(`${address}${path}`);
      assert.equal(response?.status(), 403, path);
      assert.doesNotMatch(await page.content(), /secret|shop/);
    }
    await context.close();
  });

  test('a script that is put into it is refused by its policy', async () => {
    await using opened = await serving.open('/');
    const { page, incidents } = opened;
    await page.evaluate(() => {
      const script = document.createElement('script');
      try {
        script.textContent = 'globalThis.owned = 1';
      } catch {
        // Trusted Types refuse a text as a script.
      }
      document.body.append(script);
    });
    await page.evaluate(() => {
      try {
        document.body.innerHTML = '<img src=x onerror="globalThis.owned=1">';
      } catch {
        // So they do as markup.
      }
    });
    assert.equal(await page.evaluate(() => 'owned' in globalThis), false);
    assert.match(incidents.join('\n'), /policy: require-trusted-types-for/);
  });
});

/** Everything that a foreign page can read of an address; runs in the browser. */
async function readFrom(address: string): Promise<string[]> {
  const read: string[] = [];
  const loaded = (element: HTMLElement & { src?: string }): Promise<void> =>
    new Promise((resolve) => {
      element.addEventListener('error', () => resolve());
      element.addEventListener('load', () => {
        // A frame that was refused is loaded as an error page, which cannot be read.
        if (!(element instanceof HTMLIFrameElement)) read.push(element.tagName);
        else if (element.contentDocument?.body.textContent) read.push('frame');
        resolve();
      });
      document.documentElement.append(element);
    });
  for (const path of ['/', '/?service=none', '/api/services']) {
    for (const mode of ['no-cors', 'cors'] as const) {
      const headers = { accept: 'application/json' };
      const response = await fetch(`${address}${path}`, { mode, headers }).catch(() => undefined);
      const text = await response?.text().catch(() => '');
      if (text !== undefined && text !== '') read.push(`fetch ${path}`);
    }
  }
  const src = `${address}/`;
  await loaded(Object.assign(document.createElement('script'), { src }));
  await loaded(Object.assign(document.createElement('img'), { src }));
  await loaded(Object.assign(document.createElement('iframe'), { src }));
  return read;
}
