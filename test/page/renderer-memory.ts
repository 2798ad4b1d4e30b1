import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';

/**
 * The largest resident memory, in bytes, that a process of the browser which draws pages has had so far. The kernel counts it:
 * `performance.memory` and the like know nothing of what is outside the heap of JavaScript. NaN on other systems than Linux.
 */
export async function peakOfRenderer(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  try {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const renderers = processInfo.filter(({ type }) => type === 'renderer');
    return Math.max(...(await Promise.all(renderers.map(({ id }) => peakOf(id)))));
  } finally {
    await session.detach();
  }
}

async function peakOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? NaN) * 1024;
}
