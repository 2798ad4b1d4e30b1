import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeExecutable } from './release/executable.ts';
import { ownTarget, programOf } from './release/targets.ts';

/**
 * `npm run test:executable -- FILE…`: runs the tests of the built program, or these files of them, with this platform's
 * executable in its place. On Linux only.
 */
process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const files = process.argv.slice(2);

if (ownTarget === undefined) {
  process.stderr.write('error: the executable is made and tested on linux amd64 and arm64\n');
  process.exitCode = 1;
} else {
  const folder = await mkdtemp(join(tmpdir(), 'kubectl-trace-executable-'));
  try {
    const program = join(folder, programOf(ownTarget));
    await makeExecutable(ownTarget, 'dist', program);
    const tests = files.length > 0 ? files : ['test/e2e/**/*.test.ts'];
    const { status } = spawnSync(
      process.execPath,
      ['--test', '--test-concurrency=2', '--test-reporter=spec', ...tests],
      {
        stdio: 'inherit',
        env: { ...process.env, KUBECTL_TRACE_PROGRAM: program },
      },
    );
    process.exitCode = status ?? 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
