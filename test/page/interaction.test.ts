import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { epochNanos } from '../../src/trace/time.ts';
import { whyNoChromium } from '../support/chromium.ts';
import { span } from '../support/spans.ts';
import { allRows, launch, openDocument } from './browser.ts';
import { fixture, hotrod, spansDocument, WEBHOOK } from './documents.ts';

const press = async (page: Page, ...keys: readonly string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};

const selected = (page: Page): Promise<string> =>
  page.locator('[role=treegrid] [aria-selected=true] .label').innerText();
const rowCount = async (page: Page): Promise<number> =>
  Number(await page.locator('[role=treegrid]').getAttribute('aria-rowcount')) - 1;
const axis = async (page: Page): Promise<string> => (await page.locator('.axis').getAttribute('aria-label')) ?? '';

/** A request with 400 calls, each of another name: rows that no screen holds. */
const START = 1_795_478_400_000_000_000n;
const manyRows = () =>
  spansDocument([
    span({ id: '1', name: 'root', service: 'shop', start: epochNanos(START), end: epochNanos(START + 400_000_000n) }),
    ...Array.from({ length: 400 }, (_, index) =>
      span({
        id: (index + 2).toString(16),
        parent: '1',
        service: 'shop',
        name: `step ${String(index).padStart(3, '0')}`,
        start: epochNanos(START + BigInt(index) * 1_000_000n),
        end: epochNanos(START + BigInt(index + 1) * 1_000_000n),
      }),
    ),
  ]);

suite('a page can be used', { skip: whyNoChromium() }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser.close());

  test('without a cut label on the axis, whose last tick is close to its end', async () => {
    await using opened = await openDocument(browser, await fixture(WEBHOOK));
    const edges = await opened.page.locator('.axis').evaluate((cell) => ({
      end: cell.getBoundingClientRect().right,
      labels: [...cell.querySelectorAll('.tick')].map((tick) => tick.getBoundingClientRect().right),
    }));
    assert.ok(edges.labels.length > 2);
    assert.deepEqual(
      edges.labels.filter((right) => right > edges.end),
      [],
    );
  });

  test('with the keyboard alone: rows, folds, collapsing, the axis, the list of keys', async () => {
    await using opened = await openDocument(browser, await fixture(WEBHOOK));
    const { page } = opened;
    assert.equal(await rowCount(page), 12);
    const levels = (await allRows(page)).map(({ level }) => level);
    await press(page, 'ArrowDown', 'ArrowDown', 'ArrowDown');
    assert.match(await selected(page), /^apiserver +POST/);
    await press(page, 'ArrowLeft');
    assert.equal(await rowCount(page), levels.filter((level) => level <= 2).length, 'the rows below it are hidden');
    await press(page, 'ArrowRight', 'ArrowRight');
    assert.match(await selected(page), /^mutating admission/);
    await press(page, 'ArrowLeft', 'ArrowLeft');
    assert.match(await selected(page), /^apiserver +POST/);

    const whole = await axis(page);
    await press(page, 'ArrowRight', 'ArrowRight', 'z');
    assert.notEqual(await axis(page), whole);
    await press(page, '0', '+', 'Shift+ArrowRight');
    assert.notEqual(await axis(page), whole);
    await press(page, '0', 'm');
    assert.equal(await axis(page), whole);
    assert.match(await page.locator('.range-words').innerText(), /^\d+ ms measured, from /);

    await press(page, 'a');
    assert.ok((await rowCount(page)) > 12, 'all rows are drawn');
    await press(page, '?');
    assert.match(await page.locator('dialog').innerText(), /highlight the critical path/);
    await press(page, 'Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    await press(page, '3');
    assert.equal(await page.locator('[role=table]').count(), 1);
    assert.deepEqual(opened.incidents, []);
  });

  test('search counts, goes to what is folded, and keeps ancestors', async () => {
    await using opened = await openDocument(browser, await hotrod());
    const { page } = opened;
    await press(page, '/');
    await page.keyboard.type('getdriver');
    const count = Number(/(\d+) found/.exec(await page.locator('.found-count').innerText())?.[1]);
    assert.ok(count > 10, `${count} found`);
    for (let index = 0; index < 4; index++) await press(page, 'Enter');
    assert.equal(await page.locator('.found-count').innerText(), `4 of ${count} found`);
    assert.match(await selected(page), /GetDriver/);
    await page.getByRole('button', { name: 'only these' }).click();
    const rows = await allRows(page);
    assert.deepEqual(
      rows.filter(({ label }) => !label.includes('GetDriver')).map(({ level }) => level),
      [1, 2, 3],
      'the ancestors alone',
    );
    await page.locator('#search').fill('http.method=get');
    assert.match(await page.locator('.found-count').innerText(), /^[1-9]\d* found$/);
  });

  test('a link opens what its span is folded into, scrolls to it and selects it', async () => {
    await using opened = await openDocument(browser, manyRows(), { hash: `#span=${'12c'.padStart(16, '0')}` });
    const { page } = opened;
    assert.match(await selected(page), /step 298/);
    const box = await page.locator('[aria-selected=true]').boundingBox();
    assert.ok(box !== null && box.y > 0 && box.y < 800);
    assert.match(await page.locator('.details').innerText(), /span ID\s+000000000000012c/);
    await press(page, 'f');
    await page.waitForURL(/#subtree=000000000000012c&span=000000000000012c$/);
    assert.equal(await rowCount(page), 1);
  });

  test('rows shorter than a share are hidden, and counted', async () => {
    await using opened = await openDocument(browser, await hotrod());
    const { page } = opened;
    await press(page, 'a', 'a');
    const all = await rowCount(page);
    await page.getByLabel('hide shorter than').selectOption('0.1');
    const left = await rowCount(page);
    assert.ok(left < all && left > 1);
    assert.match(
      await page.locator('.counts').innerText(),
      new RegExp(`^${left} rows; ${all - left} shorter than 10 % hidden$`),
    );
  });

  test('a range is measured by dragging, and zoomed to', async () => {
    await using opened = await openDocument(browser, await hotrod());
    const { page } = opened;
    const box = await page.locator('.axis').boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + box.width * 0.25, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + 10, { steps: 4 });
    await page.mouse.up();
    assert.match(await page.locator('.range-words').innerText(), /^18\d ms measured, from 18\d ms to 37\d ms/);
    await page.getByRole('button', { name: 'Zoom to it' }).click();
    assert.match(await axis(page), /^time from 18\d ms to 37\d ms$/);
    await page.getByRole('button', { name: 'Whole axis' }).click();
    assert.match(await axis(page), /^time from 0 ns to 754 ms$/);
  });

  test('a span is copied as a line, as JSON and with those below it', async () => {
    const document = await hotrod();
    await using opened = await openDocument(browser, document, { permissions: ['clipboard-read', 'clipboard-write'] });
    const { page } = opened;
    const copied = async (key: string): Promise<string> => {
      await press(page, key);
      return page.evaluate(async () => navigator.clipboard.readText());
    };
    await press(page, 'ArrowDown', 'ArrowDown', 'ArrowDown');
    assert.match(await copied('c'), /^customer {2}GET \/customer {2}324 ms {2}customer {2}span [0-9a-f]{16}$/);
    const { spans } = document['trace'] as { readonly spans: readonly { readonly label: string }[] };
    assert.deepEqual(
      JSON.parse(await copied('C')),
      spans.find(({ label }) => label === 'customer  GET /customer'),
    );
    assert.equal((await copied('s')).split('\n').length, 2);
    assert.equal((JSON.parse(await copied('S')) as unknown[]).length, 2);
    assert.match(await copied('l'), /report\.html#span=[0-9a-f]{16}$/);
  });

  test('in the dark, on paper, and 320 pixels wide', async () => {
    await using opened = await openDocument(browser, manyRows());
    const { page } = opened;
    const background = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(await background(), 'rgb(255, 255, 255)');
    await page.emulateMedia({ colorScheme: 'dark' });
    assert.equal(await background(), 'rgb(13, 17, 23)');

    await press(page, 'a', 'a');
    const drawn = (): Promise<number> => page.locator('.rows [role=row]').count();
    assert.ok((await drawn()) < 100, 'the rows on the screen alone');
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    assert.equal(await drawn(), 401);
    assert.ok((await page.pdf()).length > 20_000);

    await page.setViewportSize({ width: 320, height: 640 });
    await press(page, 'ArrowDown');
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 320);
    for (const key of ['2', '3']) {
      await press(page, key);
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 320, `tab ${key}`);
    }
  });
});
