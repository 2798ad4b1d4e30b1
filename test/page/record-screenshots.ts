import { mkdirSync, writeFileSync } from 'node:fs';
import { chromium, versionOf } from '../support/chromium.ts';
import { launch } from './browser.ts';
import { draw, pictureOf, SCREENSHOT_ARGS, screenshots, versionFile } from './screenshots.ts';

/**
 * `npm run record:screenshots`: draws the pictures of docs/page.md and docs/serve.md again, in Debian's Chromium, after a
 * change of what the page looks like. `-- NAME…` draws only these, with the Chromium that has drawn the others.
 */
const files = await chromium();
if (!files.hasOwnFonts) {
  throw new Error(
    `${files.path} would draw with the fonts of this machine: take it off the PATH, and Debian's is used`,
  );
}
const names = process.argv.slice(2);
await using browser = await launch(SCREENSHOT_ARGS);
mkdirSync(new URL('.', pictureOf('')), { recursive: true });
for (const screenshot of screenshots.filter(({ name }) => names.length === 0 || names.includes(name))) {
  const png = await draw(screenshot, browser);
  writeFileSync(pictureOf(screenshot.name), png);
  process.stdout.write(`${screenshot.name}  ${Math.ceil(png.length / 1024)} KiB\n`);
}
if (names.length === 0) writeFileSync(versionFile, `${JSON.stringify({ chromium: await versionOf(files) })}\n`);
