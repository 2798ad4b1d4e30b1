import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import pixelmatch from 'pixelmatch';
import type { Browser } from 'playwright-core';
import { PNG } from 'pngjs';
import { chromium, whyNoChromium } from '../support/chromium.ts';
import { launch } from './browser.ts';
import { draw, pictureOf, SCREENSHOT_ARGS, screenshots, whyNotCompared, type Screenshot } from './screenshots.ts';

/** Pixels that may differ, of 858,000. On one machine none does; the three dots of a sign are more. */
const TOLERANCE = 5;

const missing = whyNoChromium();
const skip = missing === false ? await whyNotCompared(await chromium()) : missing;

/** How many pixels differ, and what differs in red. */
function difference(one: PNG, other: PNG): { readonly count: number; readonly png: Buffer } {
  const { width, height } = one;
  assert.deepEqual({ width: other.width, height: other.height }, { width, height });
  const shown = new PNG({ width, height });
  const count = pixelmatch(one.data, other.data, shown.data, width, height, { threshold: 0.1 });
  return { count, png: PNG.sync.write(shown) };
}

const documentOf = (name: string): URL => new URL(`../../docs/${name}.md`, import.meta.url);

const recorded = ({ name }: Screenshot): PNG => PNG.sync.read(readFileSync(pictureOf(name)));

suite('the pictures of the page', () => {
  const files = readdirSync(new URL('.', pictureOf(''))).filter((name) => name.endsWith('.png'));

  test('are all drawn by npm run record:screenshots, and small', () => {
    assert.deepEqual(files.toSorted(), screenshots.map(({ name }) => `${name}.png`).toSorted());
    const bytes = screenshots.reduce((sum, { name }) => sum + readFileSync(pictureOf(name)).length, 0);
    assert.ok(bytes < 1_500_000, `${bytes} bytes`);
  });

  test('are in a document, each with words for a reader who does not see it', () => {
    const text = ['page', 'serve'].map((name) => readFileSync(documentOf(name), 'utf8')).join('\n');
    for (const file of files) assert.match(text, new RegExp(`^!\\[[^\\]]{40,}\\]\\(pictures/${file}\\)$`, 'm'));
  });
});

suite('the pictures of the page are what a browser shows of recorded runs', { skip }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launch(SCREENSHOT_ARGS);
  });
  after(() => browser.close());

  for (const screenshot of screenshots) {
    test(`docs/pictures/${screenshot.name}.png`, async () => {
      const drawn = await draw(screenshot, browser);
      const { count, png } = difference(recorded(screenshot), PNG.sync.read(drawn));
      if (count <= TOLERANCE) return;
      const folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-screenshots-'));
      writeFileSync(join(folder, 'drawn.png'), drawn);
      writeFileSync(join(folder, 'difference.png'), png);
      assert.fail(
        `${count} pixels differ from ${fileURLToPath(pictureOf(screenshot.name))}: see ${folder}. ` +
          'After a change on purpose, npm run record:screenshots draws the pictures again.',
      );
    });
  }

  test('a word less, and another color of the bars, are no tolerable differences', async () => {
    const [waterfall] = screenshots as [Screenshot];
    const changed = async (selector: string, property: string, value: string): Promise<number> => {
      const drawn = await draw(waterfall, browser, (page) =>
        page.evaluate(
          ([found, name, text]) => {
            for (const element of document.querySelectorAll<SVGElement>(found!))
              element.style.setProperty(name!, text!);
          },
          [selector, property, value],
        ),
      );
      return difference(recorded(waterfall), PNG.sync.read(drawn)).count;
    };
    const counts = [
      await changed('[aria-rowindex="3"] .label', 'visibility', 'hidden'),
      await changed('.bar .own', 'fill', 'red'),
    ];
    for (const count of counts) assert.ok(count > TOLERANCE, `${counts.join(' and ')} pixels`);
  });
});
