import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium as launcher, type Page } from 'playwright-core';
import { chromium, versionOf } from '../support/chromium.ts';
import { median } from '../../scripts/bench/paired-runs.ts';
import { writeSpans } from '../../scripts/bench/span-files.ts';
import { startJaegerPage } from './jaeger-page.ts';
import { peakOfRenderer } from './renderer-memory.ts';

/**
 * `npm run bench:page`: the page of 1,000 and of 100,000 spans in headless Chromium at 1280×800. The time from opening the
 * file to its first row on the screen, and to the first row that a key has selected; the memory of its process; then the
 * frames of a scripted scroll over every row. KUBECTL_TRACE_BENCH_JAEGER_UI is the folder of a built Jaeger UI, whose page
 * of the same trace is measured in turn. Ends with 1 where the scroll is over its limits. The machine has to be quiet.
 */
const ROUNDS = Number(process.argv[2] ?? 3);
const SIZES = [1000, 100_000] as const;
const FRAMES = 300;
const MAX_MEDIAN_MILLIS = 20;
const MAX_P95_MILLIS = 50;
const PATIENCE_MILLIS = 300_000;

/** A page of a trace, and how to see that it is there and responds. */
interface Subject {
  readonly address: string;
  readonly row: string;
  /** The first action of a person; resolves when its effect can be seen. */
  readonly act: (page: Page) => Promise<unknown>;
}

const program = fileURLToPath(new URL('../../bin/kubectl-trace', import.meta.url));
const home = await mkdtemp(join(tmpdir(), 'kubectl-trace-bench-page-'));
const browserFiles = await chromium();
const environment = { ...process.env, ...browserFiles.env } as Record<string, string>;
const assets = process.env['KUBECTL_TRACE_BENCH_JAEGER_UI'];
const jaeger = assets === undefined ? undefined : await startJaegerPage(assets);
try {
  process.stdout.write(`Chromium ${await versionOf(browserFiles)}, ${ROUNDS} rounds, medians in ms and MB\n`);
  process.stdout.write(
    'spans    page     file MB   first row first action      memory frame median   frame p95  all memory\n',
  );
  for (const spans of SIZES) await measureSize(spans);
} finally {
  await jaeger?.stop();
  await rm(home, { recursive: true, force: true });
}

async function measureSize(spans: number): Promise<void> {
  const source = join(home, `${spans}.json`);
  await writeSpans(source, 'otlp', 'mixed', spans);
  const file = await pageOf(source);
  const ours: Subject = { address: pathToFileURL(file).href, row: '[role=treegrid] .rows [role=row]', act: pressKey };
  const theirs =
    jaeger && ({ address: await jaeger.send(source), row: '.span-row', act: openDetails } satisfies Subject);
  const [own, others]: [number[][], number[][]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    own.push(await measure(ours, true));
    if (theirs !== undefined) others.push(await measure(theirs, false));
  }
  const figures = print(spans, 'ours', own, ((await readFile(file)).length / 1e6).toFixed(1));
  if (theirs !== undefined) print(spans, 'Jaeger', others, '');
  const [, , , frame = NaN, p95 = NaN] = figures;
  if (!(frame <= MAX_MEDIAN_MILLIS && p95 <= MAX_P95_MILLIS)) process.exitCode = 1;
}

function print(spans: number, page: string, rounds: readonly (readonly number[])[], size: string): readonly number[] {
  const figures = (rounds[0] ?? []).map((_, index) => median(rounds.map((times) => times[index] ?? NaN)));
  const cells = [size.padStart(7), ...figures.map((figure) => figure.toFixed(1).padStart(11))];
  process.stdout.write(`${String(spans).padEnd(8)} ${page.padEnd(8)} ${cells.join(' ')}\n`);
  return figures;
}

async function pageOf(source: string): Promise<string> {
  const args = ['show', source, '--no-history', '-o', 'html'];
  const { stdout, status } = spawnSync(program, args, { env: { ...process.env, HOME: home }, maxBuffer: 1e9 });
  if (status !== 0) throw new Error(`kubectl trace ended with ${status}`);
  const page = source.replace(/json$/, 'html');
  await writeFile(page, stdout);
  return page;
}

/** First row, first action, memory until then; of our page also the frames, and the memory after them. In a new browser. */
async function measure({ address, row, act }: Subject, scrolls: boolean): Promise<number[]> {
  const browser = await launcher.launch({
    executablePath: browserFiles.path,
    env: environment,
    args: ['--no-sandbox'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(PATIENCE_MILLIS);
    const start = performance.now();
    await page.goto(address);
    await page.waitForSelector(row);
    const firstRow = performance.now() - start;
    await act(page);
    const firstAction = performance.now() - start;
    const memory = (await peakOfRenderer(browser)) / 1e6;
    if (!scrolls) return [firstRow, firstAction, memory];
    // Every row, also those that the terminal folds.
    for (const key of ['a', 'a', 'Escape']) await page.keyboard.press(key);
    const frames = (await scroll(page)).toSorted((one, other) => one - other);
    const p95 = frames[Math.floor(frames.length * 0.95)] ?? NaN;
    return [firstRow, firstAction, memory, median(frames), p95, (await peakOfRenderer(browser)) / 1e6];
  } finally {
    await browser.close();
  }
}

async function pressKey(page: Page): Promise<void> {
  await page.keyboard.press('ArrowDown');
  await page.waitForSelector('[role=treegrid] [aria-selected=true]');
}

/** Jaeger has no key that selects a row; a click opens its details. */
async function openDetails(page: Page): Promise<void> {
  await page.locator('.span-row .span-name').first().click();
  await page.waitForSelector('.detail-row');
}

/** Ten rows a frame, which is a fast turn of a wheel, and once around the middle of the page. */
async function scroll(page: Page): Promise<number[]> {
  return page.evaluate(async (count) => {
    const frame = async (): Promise<number> => new Promise((done) => requestAnimationFrame(done));
    const times: number[] = [];
    let last = await frame();
    for (let index = 0; index < count; index++) {
      if (index === count / 2) scrollTo(0, document.documentElement.scrollHeight / 2);
      else scrollBy(0, 240);
      const now = await frame();
      times.push(now - last);
      last = now;
    }
    return times;
  }, FRAMES);
}
