import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('../..', import.meta.url));

/** Checks out another commit of this repository, with the packages of this one, for as long as `use` takes. */
export async function withCheckout<T>(commit: string, use: (root: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-commit-'));
  const there = join(folder, 'checkout');
  execFileSync('git', ['worktree', 'add', '--quiet', '--detach', there, commit], {
    cwd: here,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    symlinkSync(join(here, 'node_modules'), join(there, 'node_modules'));
    return await use(there);
  } finally {
    execFileSync('git', ['worktree', 'remove', '--force', there], { cwd: here });
    rmSync(folder, { recursive: true, force: true });
  }
}
