import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext } from 'node:test';
import type { BrotliCompress, Gzip, ZstdCompress } from 'node:zlib';
import { cleanHome, launcher } from './kubectl-trace.ts';
import { peakMemory } from './peak-memory.ts';

const home = cleanHome();
after(() => home.remove());

/**
 * Bounds that the built program meets for every bomb; a busy machine needs longer, and a bomb without bounds far
 * longer.
 */
const MAX_MIB = 400;
const MAX_MILLIS = 30_000;

export const MIB = 1024 * 1024;

/** `unit` again and again up to `size` bytes, after `start` and before `end`, compressed. */
export async function bomb(
  packer: Gzip | BrotliCompress | ZstdCompress,
  [start, unit, end]: readonly [string, string, string],
  size: number,
) {
  const chunks: Buffer[] = [];
  packer.on('data', (chunk: Buffer) => chunks.push(chunk));
  const over = new Promise((resolve) => packer.once('end', resolve));
  const part = Buffer.from(unit.repeat(Math.ceil(MIB / unit.length)));
  packer.write(start);
  for (let at = 0; at < size; at += part.length) {
    if (!packer.write(part)) await new Promise((resolve) => packer.once('drain', resolve));
  }
  packer.end(end);
  await over;
  return Buffer.concat(chunks);
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly millis: number;
  readonly peak: number;
}

export function run(...args: string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const begin = performance.now();
    const child = spawn(launcher, args, {
      env: { PATH: process.env['PATH'], HOME: home.path, NO_COLOR: '1', KUBECONFIG: '/nowhere' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const peak = peakMemory(child);
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr, millis: performance.now() - begin, peak: peak() }));
  });
}

export async function server(
  t: TestContext,
  answer: (path: string, response: ServerResponse) => void,
): Promise<string> {
  const listener = createServer((request, response) => answer(request.url ?? '', response));
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    listener.closeAllConnections();
    listener.close();
  });
  return `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
}

export function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-bomb-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

export function holds({ peak, millis, stderr, code }: Ended, limit = MAX_MILLIS): void {
  assert.ok(peak > 20 && peak < MAX_MIB, `${peak.toFixed(0)} MiB at most`);
  assert.ok(millis < limit, `${millis.toFixed(0)} ms`);
  assert.ok(code !== null, 'it crashed');
  assert.doesNotMatch(stderr, /internal error|heap/i);
}
