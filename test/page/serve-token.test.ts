import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { whyNoChromium } from '../support/chromium.ts';
import { newTrace } from '../support/otlp.ts';
import { makeCredentials } from '../support/serve-credentials.ts';
import { SPAN, startServingBrowser, type ServingBrowser } from './serving.ts';

suite('the pages of a serve with TLS and a token', { skip: whyNoChromium() }, () => {
  const credentials = makeCredentials();
  let serving: ServingBrowser;
  before(async () => {
    serving = await startServingBrowser([...credentials.flags, '--insecure-loopback-otlp']);
  });
  after(async () => {
    await serving?.[Symbol.asyncDispose]();
    credentials.remove();
  });

  test('follow the spans that arrive, with the password that the browser has prompted for', async () => {
    const trace = newTrace();
    await serving.send([{ trace, span: SPAN, name: 'root' }]);
    await using opened = await serving.open('/', {
      ignoreHTTPSErrors: true,
      httpCredentials: { username: 'any', password: credentials.token },
    });
    const { page } = opened;
    const second = await serving.sendSpan('second');
    await page.locator(`tr[data-id="${second}"]`).waitFor();
    await page.locator(`tr[data-id="${trace}"] a`).first().click();
    await page.locator('[role=treegrid][aria-rowcount="2"]').waitFor();
    await serving.send([{ trace, parent: SPAN, name: 'child' }]);
    await page.locator('[role=treegrid][aria-rowcount="3"]').waitFor();
  });

  test('show nothing without the token', async () => {
    await serving.sendSpan('secret');
    const context = await serving.browser.newContext({ ignoreHTTPSErrors: true });
    const page = await context.newPage();
    const response = await page.goto(`${serving.serve.query}/`);
    assert.equal(response?.status(), 401);
    assert.doesNotMatch(await page.content(), /secret/);
    await context.close();
  });
});
