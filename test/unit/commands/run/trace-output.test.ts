import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { parse } from '../../../support/parse.ts';
import { openTraceOutput } from '../../../../src/commands/run/trace-output.ts';
import { testRuntime } from '../../kube/fixture.ts';

/** A pipe, and its name. */
function pipe(t: TestContext): { readonly descriptor: number; readonly path: string } {
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-pipe-'));
  const path = join(folder, 'fifo');
  execFileSync('mkfifo', [path]);
  const descriptor = openSync(path, 'r+');
  t.after(() => {
    closeSync(descriptor);
    rmSync(folder, { recursive: true });
  });
  return { descriptor, path };
}

suite('--trace-output writes directly to targets that are not regular files', () => {
  for (const [what, nameOf] of [
    ['a named pipe', ({ path }) => path],
    ['what is open already, as /dev/stdout is', ({ descriptor }) => `/dev/fd/${descriptor}`],
  ] as const satisfies readonly (readonly [string, (opened: ReturnType<typeof pipe>) => string])[]) {
    test(what, async (t) => {
      const opened = pipe(t);
      const invocation = parse(['run', '--trace-output', nameOf(opened), '--', 'true'], {});
      assert.ok(invocation.kind === 'run');
      const target = await openTraceOutput(invocation, testRuntime());
      target.runtime.out.write('the trace');
      await target.close();
      const bytes = Buffer.alloc(100);
      assert.equal(bytes.toString('utf8', 0, readSync(opened.descriptor, bytes)), 'the trace');
    });
  }
});
