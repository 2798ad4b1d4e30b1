import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type axe from 'axe-core';
import type { Page } from 'playwright-core';

const AXE = await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/** The violations of WCAG 2.2 AA, each with the elements that have it. */
export async function violations(page: Page, rules: axe.RunOptions): Promise<string[]> {
  // Not as a script element, which the page's policy refuses.
  await page.evaluate(AXE);
  const { violations: found } = await page.evaluate(
    async (options) => (globalThis as unknown as { axe: typeof axe }).axe.run(document, options),
    rules,
  );
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}
