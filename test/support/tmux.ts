import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Why a test with a terminal cannot run here; false where it can. With CI=true it must. */
export function whyNoTerminal(): string | false {
  if (process.env['CI'] === 'true') return false;
  try {
    execFileSync('tmux', ['-V']);
    return false;
  } catch {
    return 'tmux is not installed';
  }
}

/** A command in a separate, real terminal. */
export interface TerminalScreen {
  /** Lines on the screen, without trailing blanks and empty lines at the end. */
  lines(): Promise<string[]>;
  /** Everything that was written to the terminal so far. */
  written(): string;
  press(...keys: string[]): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
  /** Resolves with the lines as soon as they fit. */
  until(fits: (lines: readonly string[]) => boolean): Promise<string[]>;
}

/** Runs a line of a shell in tmux. Its server ends with the test. */
export async function openTerminal(
  test: TestContext,
  command: string,
  { columns, rows, env }: { readonly columns: number; readonly rows: number; readonly env: Record<string, string> },
): Promise<TerminalScreen> {
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-tmux-'));
  const log = join(folder, 'written');
  const tmux = async (...args: string[]): Promise<string> => {
    const { stdout } = await execute('tmux', ['-S', join(folder, 'socket'), '-f', '/dev/null', ...args], {
      env: { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8', ...env },
    });
    return stdout;
  };
  test.after(async () => {
    await tmux('kill-server').catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  });
  // The command waits until everything that it writes is recorded.
  await tmux('new-session', '-d', '-s', 't', '-x', `${columns}`, '-y', `${rows}`, `read line; ${command}; sleep 600`);
  await tmux('set-option', '-t', 't', 'status', 'off');
  await tmux('resize-window', '-t', 't', '-x', `${columns}`, '-y', `${rows}`);
  await tmux('pipe-pane', '-t', 't', `cat > ${log}`);
  await tmux('send-keys', '-t', 't', 'Enter');
  const lines = async (): Promise<string[]> => (await tmux('capture-pane', '-p', '-t', 't')).trimEnd().split('\n');
  return {
    lines,
    written: () => readFileSync(log, 'utf8'),
    press: async (...keys) => void (await tmux('send-keys', '-t', 't', ...keys)),
    resize: async (width, height) => void (await tmux('resize-window', '-t', 't', '-x', `${width}`, '-y', `${height}`)),
    async until(fits) {
      for (;;) {
        const found = await lines();
        if (fits(found)) return found;
        await sleep(100);
      }
    },
  };
}

/** The sizes of terminals in which views are tested. */
export const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
] as const;

/**
 * Checks that the line that begins with `start` was written over in its place: nothing is erased before it is written
 * again, so that the screen does not flicker.
 */
export function assertCalm(written: string, start: string): void {
  const shown = written.slice(written.indexOf(start));
  for (const erases of ['\u001b[J', '\u001b[2J', '\u001b[2K']) assert.ok(!shown.includes(erases), shown);
  const frames = shown.split('\r').filter((frame) => frame.trim() !== '');
  assert.ok(frames.length > 2, shown);
  for (const frame of frames) {
    assert.ok(frame.startsWith(start) && frame.endsWith('\u001b[K'), frame);
    assert.ok(!frame.includes('\n'), frame);
  }
}
