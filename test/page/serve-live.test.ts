import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { whyNoChromium } from '../support/chromium.ts';
import { newTrace, type SentSpan } from '../support/otlp.ts';
import { allRows } from './browser.ts';
import { startServingBrowser, type ServingBrowser } from './serving.ts';

const START = BigInt(Date.now()) * 1_000_000n;
const MILLI = 1_000_000n;
const ROOT = 'a'.repeat(16);

const idOf = (index: number): string => index.toString(16).padStart(16, '0');

/** Steps of a trace, one after the other, of which none folds with another. */
const steps = (trace: string, from: number, count: number): SentSpan[] =>
  Array.from({ length: count }, (_, offset) => ({
    trace,
    span: idOf(from + offset),
    parent: ROOT,
    name: `step ${from + offset}`,
    start: START + BigInt(from + offset) * 10n * MILLI,
    duration: BigInt(from + offset) * MILLI,
  }));

const row = (page: Page, name: string) =>
  page.locator('[role=treegrid] .rows [role=row]').filter({ has: page.getByText(name, { exact: true }) });

/** Where a row and its bar are on the screen. */
const placeOf = async (page: Page, name: string): Promise<unknown> => [
  await row(page, name).boundingBox(),
  await row(page, name).locator('.bar svg').innerHTML(),
];

suite('the page of a trace whose spans arrive', { skip: whyNoChromium() }, () => {
  let serving: ServingBrowser;
  before(async () => {
    serving = await startServingBrowser();
  });
  after(() => serving?.[Symbol.asyncDispose]());

  const rowCount = (page: Page, count: number): Promise<void> =>
    page.locator(`[role=treegrid][aria-rowcount="${count + 1}"]`).waitFor();

  test('shows the new ones, and keeps what was chosen and where the rows are', async () => {
    const trace = newTrace();
    const root = { trace, span: ROOT, name: 'root', start: START + 200n * MILLI, duration: 2000n * MILLI };
    await serving.send([root, ...steps(trace, 100, 80)]);
    await using opened = await serving.open(`/trace/${trace}`);
    const { page } = opened;
    await page.keyboard.press('a');
    await page.keyboard.press('a');
    await rowCount(page, 81);
    await page.locator('#search').fill('step 140');
    await page.keyboard.press('Enter');
    await row(page, 'step 140').click();
    for (const key of ['p', 'z', '-', '-']) await page.keyboard.press(key);
    const whole = page.getByRole('button', { name: 'Whole axis' });
    await whole.waitFor();
    await page.locator('#search').fill('step 15');
    // The selected row is left out of sight.
    await page.evaluate(() => scrollBy(0, 600));
    await row(page, 'step 160').waitFor();
    const place = await placeOf(page, 'step 160');

    // Rows above and below, and one that begins before all others.
    await serving.send([
      ...steps(trace, 1, 40),
      ...steps(trace, 300, 5),
      { trace, span: idOf(999), parent: ROOT, name: 'early', start: START - 500n * MILLI, duration: MILLI },
    ]);
    await rowCount(page, 127);
    assert.deepEqual(await placeOf(page, 'step 160'), place);
    assert.equal(new URL(page.url()).hash, `#span=${idOf(140)}`);
    assert.match((await page.getByRole('complementary').innerText()) ?? '', /step 140/);
    assert.equal(await page.locator('#search').inputValue(), 'step 15');
    assert.equal(await page.getByRole('button', { name: 'Critical path' }).getAttribute('aria-pressed'), 'true');
    assert.equal(await whole.count(), 1);
    assert.deepEqual(opened.incidents, []);
  });

  test('keeps a collapsed row and a subtree that was chosen', async () => {
    const trace = newTrace();
    const [one, other] = [idOf(1), idOf(2)];
    const child = (id: number, parent: string): SentSpan => ({
      trace,
      span: idOf(id),
      parent,
      name: `child ${id}`,
      start: START + BigInt(id) * MILLI,
      duration: MILLI * 50n,
    });
    const branches = [one, other].map((span, index) => ({
      trace,
      span,
      parent: ROOT,
      name: `branch ${index + 1}`,
      start: START,
      duration: 1000n * MILLI,
    }));
    const root = { trace, span: ROOT, name: 'root', start: START, duration: 2000n * MILLI };
    await serving.send([root, ...branches, child(11, one), child(12, one), child(21, other)]);
    await using opened = await serving.open(`/trace/${trace}`);
    const { page } = opened;
    await rowCount(page, 6);
    await row(page, 'branch 1').click();
    await page.keyboard.press('ArrowLeft');
    await rowCount(page, 4);
    await serving.send([child(13, one), child(22, other)]);
    await rowCount(page, 5);
    assert.equal(await row(page, 'branch 1').getAttribute('aria-expanded'), 'false');

    await row(page, 'branch 2').click();
    await page.keyboard.press('f');
    await rowCount(page, 3);
    await serving.send([child(14, one), child(23, other)]);
    await rowCount(page, 4);
    assert.equal(new URL(page.url()).hash, `#subtree=${other}&span=${other}`);
    assert.deepEqual(opened.incidents, []);
  });

  test('goes to the span of a link when it arrives', async () => {
    const trace = newTrace();
    await serving.send([{ trace, span: ROOT, name: 'root', start: START, duration: 50n * MILLI }]);
    await using opened = await serving.open(`/trace/${trace}#span=${idOf(7)}`);
    const { page } = opened;
    await rowCount(page, 1);
    assert.equal(new URL(page.url()).hash, `#span=${idOf(7)}`);
    await serving.send([{ trace, span: idOf(7), parent: ROOT, name: 'late', start: START, duration: 20n * MILLI }]);
    await page.locator('.rows [aria-selected=true]').getByText('late', { exact: true }).waitFor();
    assert.equal(new URL(page.url()).hash, `#span=${idOf(7)}`);
  });

  test('has the verdict that `show` has, and says when the server does not respond', async () => {
    await using own = await startServingBrowser();
    const trace = newTrace();
    await own.send([{ trace, span: ROOT, name: 'root', start: BigInt(Date.now()) * MILLI }]);
    await using opened = await own.open(`/trace/${trace}`);
    const { page } = opened;
    await page.locator('.verdict.partial').waitFor();
    await page.locator('.verdict.settled').waitFor();
    assert.equal(JSON.parse(await own.run('show', trace, '--no-history', '-o', 'json')).verdict, 'settled');
    await page.getByText('Updated as spans arrive').waitFor();
    await own.serve.end();
    await page.getByText('does not respond').waitFor();
    assert.equal(await page.locator('.rows [role=row]').count(), 1);
  });

  test('has every row of 10,000 spans', async () => {
    const trace = newTrace();
    await serving.send([{ trace, span: ROOT, name: 'root', start: START, duration: 100_000n * MILLI }]);
    for (let from = 1; from < 10_000; from += 3333) await serving.send(steps(trace, from, 3333));
    await using opened = await serving.open(`/trace/${trace}`);
    const { page } = opened;
    await page.keyboard.press('a');
    await page.keyboard.press('a');
    await rowCount(page, 10_000);
    await page.keyboard.press('End');
    await row(page, 'step 9999').waitFor();
    assert.deepEqual(opened.incidents, []);
  });

  test('has the rows of `show` of a trace of 1,200 spans', async () => {
    const trace = newTrace();
    const root = { trace, span: ROOT, name: 'root', start: START, duration: 100_000n * MILLI };
    await serving.send([root, ...steps(trace, 1, 1200)]);
    const lines = (await serving.run('show', trace, '--no-history', '-o', 'folded', '--wait', '0')).trim().split('\n');
    await using opened = await serving.open(`/trace/${trace}`);
    const { page } = opened;
    await page.keyboard.press('a');
    await page.keyboard.press('a');
    await rowCount(page, 1201);
    const names = (await allRows(page)).map(({ label }) => label);
    assert.equal(new Set(names).size, 1201);
    assert.ok(lines.length > 1000, `${lines.length} lines`);
    assert.deepEqual(opened.incidents, []);
  });
});
