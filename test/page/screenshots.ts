import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { versionOf, type Chromium } from '../support/chromium.ts';
import { cleanHome, kubectlTrace } from '../support/kubectl-trace.ts';
import { startServe } from '../support/serve.ts';
import { openAddress, openDocument, type OpenedPage } from './browser.ts';
import { fixture, helm, hotrod, pod, WEBHOOK } from './documents.ts';

/** A picture of docs/page.md or docs/serve.md: the page of a recorded run, after what a person has done there. */
export interface Screenshot {
  /** docs/pictures/NAME.png */
  readonly name: string;
  readonly open: (browser: Browser) => Promise<OpenedPage>;
  readonly act?: (page: Page) => Promise<void>;
}

const WIDE: BrowserContextOptions = { viewport: { width: 1100, height: 780 }, colorScheme: 'light' };
const DARK: BrowserContextOptions = { ...WIDE, colorScheme: 'dark' };

/** Arguments of a browser for pictures: the same colours and edges of letters on every screen. */
export const SCREENSHOT_ARGS = ['--force-color-profile=srgb', '--disable-lcd-text'] as const;

const press = async (page: Page, ...keys: readonly string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};

export const screenshots: readonly Screenshot[] = [
  {
    name: 'page-waterfall',
    open: async (browser) => openDocument(browser, await fixture(WEBHOOK), WIDE),
    act: (page) => press(page, 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown'),
  },
  { name: 'page-dark', open: (browser) => openDocument(browser, helm(), DARK), act: (page) => press(page, 'p') },
  {
    name: 'page-flame-graph',
    open: async (browser) => openDocument(browser, await hotrod(), WIDE),
    act: (page) => press(page, '2'),
  },
  {
    name: 'page-comparison',
    open: (browser) => openDocument(browser, helm(1), { ...WIDE, compared: helm(2) }),
    act: (page) => page.locator('.pairs .delta').first().waitFor(),
  },
  { name: 'page-pod', open: async (browser) => openDocument(browser, await pod('crash-loop', 'final'), WIDE) },
  {
    name: 'page-narrow',
    open: async (browser) =>
      openDocument(browser, await fixture(WEBHOOK), { ...WIDE, viewport: { width: 320, height: 780 } }),
  },
  { name: 'serve-start-page', open: startPage },
];

export const pictureOf = (name: string): URL => new URL(`../../docs/pictures/${name}.png`, import.meta.url);

/** The major version of Chromium that has drawn the pictures. */
export const versionFile = new URL('../fixtures/screenshots.json', import.meta.url);

/** Why pictures cannot be compared with what this browser draws; false where they can. */
export async function whyNotCompared(files: Chromium): Promise<string | false> {
  if (!files.hasOwnFonts) return `${files.path} draws with the fonts of this machine`;
  const { chromium: recorded } = JSON.parse(readFileSync(versionFile, 'utf8')) as { readonly chromium: number };
  const version = await versionOf(files);
  return version === recorded
    ? false
    : `Chromium ${recorded} has drawn the pictures, and this is ${version}: npm run record:screenshots draws them again`;
}

/** The screen, without what blinks or moves; `change` is what a test does to it before. */
export async function draw(
  { open, act }: Screenshot,
  browser: Browser,
  change?: (page: Page) => Promise<void>,
): Promise<Buffer> {
  await using opened = await open(browser);
  const { page } = opened;
  await act?.(page);
  await change?.(page);
  return await page.screenshot({ animations: 'disabled', caret: 'hide' });
}

/** The start page of a serve that has received three recorded traces. */
async function startPage(browser: Browser): Promise<OpenedPage> {
  const home = cleanHome();
  const serve = await startServe(home.path);
  const end = async (): Promise<void> => {
    await serve.end();
    home.remove();
  };
  try {
    for (const name of ['screens/get-nodes-with-tracing.json', 'scale/get-masters.json', 'jaeger/hotrod-v1.json']) {
      const file = fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
      const { stdout: body } = await kubectlTrace(home.path, ['show', file, '-o', 'otlp', '--no-history']);
      const headers = { 'content-type': 'application/json' };
      const { status } = await fetch(`http://${serve.otlp}/v1/traces`, { method: 'POST', headers, body });
      if (status !== 200) throw new Error(`serve responded to ${name} with ${status}`);
    }
    const opened = await openAddress(browser, `${serve.query}/`, WIDE);
    // It says that it follows once it has done so.
    await opened.page.locator('#live:not(:empty)').waitFor();
    const close = async (): Promise<void> => {
      await opened[Symbol.asyncDispose]();
      await end();
    };
    return { ...opened, [Symbol.asyncDispose]: close };
  } catch (error) {
    await end();
    throw error;
  }
}
