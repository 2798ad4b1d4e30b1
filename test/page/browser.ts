import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium as launcher, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { writePage } from '../../src/page/write.ts';
import type { JSONObject } from '../../src/report/json-value.ts';
import { chromium } from '../support/chromium.ts';

/** A page in a browser, and everything that it did beyond drawing itself. */
export interface OpenedPage extends AsyncDisposable {
  readonly page: Page;
  /** Errors, messages on the console, violations of its policy, and requests other than for the file itself. */
  readonly incidents: readonly string[];
}

/** A browser for the tests of one file. `args` are further arguments of its command line. */
export async function launch(args: readonly string[] = []): Promise<Browser & AsyncDisposable> {
  const { path, env } = await chromium();
  const options = { executablePath: path, env: { ...process.env, ...env } as Record<string, string> };
  // Tests run as root in CI, where a browser has no sandbox.
  return launcher.launch({ ...options, args: ['--no-sandbox', '--font-render-hinting=none', ...args] });
}

/** Opens a document's page from a file. */
export async function openDocument(
  browser: Browser,
  document: JSONObject,
  { compared, ...options }: BrowserContextOptions & { readonly hash?: string; readonly compared?: JSONObject } = {},
): Promise<OpenedPage> {
  return openHTML(browser, await writePage(document, compared), options);
}

export async function openHTML(
  browser: Browser,
  html: string,
  { hash = '', ...options }: BrowserContextOptions & { readonly hash?: string } = {},
): Promise<OpenedPage> {
  const folder = await mkdtemp(join(tmpdir(), 'kubectl-trace-page-'));
  const file = join(folder, 'report.html');
  await writeFile(file, html);
  const opened = await openAddress(browser, `${pathToFileURL(file).href}${hash}`, options);
  return {
    ...opened,
    async [Symbol.asyncDispose]() {
      await opened[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Opens a page from a file or a server. `reads`: addresses that it may request beside its own. */
export async function openAddress(
  browser: Browser,
  address: string,
  { reads = [], ...options }: BrowserContextOptions & { readonly reads?: readonly string[] } = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const incidents: string[] = [];
  const [url] = address.split('#');
  page.on('console', (message) => incidents.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => incidents.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => void dialog.dismiss().then(() => incidents.push(`dialog: ${dialog.message()}`)));
  page.on('request', (request) => {
    const [requested = ''] = request.url().split('#');
    if (requested !== url && !reads.includes(requested)) incidents.push(`request: ${request.url().slice(0, 200)}`);
  });
  await page.exposeFunction('reportViolation', (text: string) => incidents.push(`policy: ${text}`));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      void (globalThis as unknown as { reportViolation: (text: string) => Promise<void> }).reportViolation(
        `${violatedDirective} ${blockedURI}`,
      );
    });
  });
  await page.goto(address);
  await page.waitForSelector('main', { timeout: 300_000 });
  return { page, incidents, [Symbol.asyncDispose]: () => context.close() };
}

/** A row as it is on the screen. */
export interface ScreenRow {
  readonly index: number;
  readonly level: number;
  readonly label: string;
  readonly self: string;
  readonly total: string;
}

/** Every row of the waterfall, by scrolling from the first to the last. */
export async function allRows(page: Page): Promise<ScreenRow[]> {
  const rows = new Map<number, ScreenRow>();
  await page.evaluate(() => scrollTo(0, 0));
  for (;;) {
    await page.evaluate(async () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    const { drawn, isEnd } = await page.evaluate(() => ({
      drawn: [...document.querySelectorAll('[role=treegrid] .rows [role=row]')].map((row) => ({
        index: Number(row.getAttribute('aria-rowindex')),
        level: Number(row.getAttribute('aria-level')),
        label: row.querySelector('.label')?.textContent ?? '',
        self: row.querySelector('.self')?.textContent ?? '',
        total: row.querySelector('.total')?.textContent ?? '',
      })),
      isEnd: scrollY + innerHeight >= document.documentElement.scrollHeight - 2,
    }));
    for (const row of drawn) rows.set(row.index, row);
    if (isEnd) return [...rows.values()].sort((one, other) => one.index - other.index);
    await page.evaluate(() => scrollBy(0, innerHeight * 0.8));
  }
}
