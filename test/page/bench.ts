import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium as launcher, type Page } from 'playwright-core';
import { chromium, versionOf } from '../support/chromium.ts';
import { median } from '../../scripts/bench/paired-runs.ts';
import { writeSpans } from '../../scripts/bench/span-files.ts';

/**
 * `npm run bench:page`: the page of 1,000 and of 100,000 spans in headless Chromium at 1280×800. The time from opening the
 * file to its first row on the screen, and to the first row that a key has selected; then the frames of a scripted scroll
 * over every row. Ends with 1 where the scroll is over its limits. The machine has to be quiet.
 */
const ROUNDS = Number(process.argv[2] ?? 3);
const SIZES = [1000, 100_000] as const;
const FRAMES = 300;
const MAX_MEDIAN_MILLIS = 20;
const MAX_P95_MILLIS = 50;

const program = fileURLToPath(new URL('../../bin/kubectl-trace', import.meta.url));
const home = await mkdtemp(join(tmpdir(), 'kubectl-trace-bench-page-'));
const browserFiles = await chromium();
const environment = { ...process.env, ...browserFiles.env } as Record<string, string>;
const browser = await launcher.launch({ executablePath: browserFiles.path, env: environment, args: ['--no-sandbox'] });
try {
  process.stdout.write(`Chromium ${await versionOf(browserFiles)}, ${ROUNDS} rounds, medians in ms\n`);
  process.stdout.write('spans     file MB   first row   first key   frame median   frame p95\n');
  for (const spans of SIZES) {
    const file = await pageOf(spans);
    const rounds: (readonly number[])[] = [];
    for (let round = 0; round < ROUNDS; round++) rounds.push(await measure(file));
    const figures = [0, 1, 2, 3].map((index) => median(rounds.map((times) => times[index] ?? NaN)));
    const [, , frame = NaN, p95 = NaN] = figures;
    if (!(frame <= MAX_MEDIAN_MILLIS && p95 <= MAX_P95_MILLIS)) process.exitCode = 1;
    const size = ((await readFile(file)).length / 1e6).toFixed(1);
    const cells = [size.padStart(7), ...figures.map((millis) => millis.toFixed(1).padStart(11))];
    process.stdout.write(`${String(spans).padEnd(8)} ${cells.join(' ')}\n`);
  }
} finally {
  await browser.close();
  await rm(home, { recursive: true, force: true });
}

async function pageOf(spans: number): Promise<string> {
  const [source, page] = [join(home, `${spans}.json`), join(home, `${spans}.html`)];
  await writeSpans(source, 'otlp', 'mixed', spans);
  const args = ['show', source, '--no-history', '-o', 'html'];
  const { stdout, status } = spawnSync(program, args, { env: { ...process.env, HOME: home }, maxBuffer: 1e9 });
  if (status !== 0) throw new Error(`kubectl trace ended with ${status}`);
  await writeFile(page, stdout);
  return page;
}

/** First row, first key, median frame, p95 of the frames. */
async function measure(file: string): Promise<readonly number[]> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  try {
    const start = performance.now();
    await page.goto(pathToFileURL(file).href);
    await page.waitForSelector('[role=treegrid] .rows [role=row]', { timeout: 300_000 });
    const firstRow = performance.now() - start;
    await page.keyboard.press('ArrowDown');
    await page.waitForSelector('[role=treegrid] [aria-selected=true]');
    const firstKey = performance.now() - start;
    // Every row, also those that the terminal folds.
    for (const key of ['a', 'a', 'Escape']) await page.keyboard.press(key);
    const frames = await scroll(page);
    return [
      firstRow,
      firstKey,
      median(frames),
      frames.toSorted((one, other) => one - other)[Math.floor(frames.length * 0.95)] ?? NaN,
    ];
  } finally {
    await page.close();
  }
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
