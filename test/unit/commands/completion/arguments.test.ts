import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { SHELLS } from '../../../../src/commands/completion/arguments.ts';
import { run } from '../../../../src/run.ts';
import { testRuntime } from '../../kube/fixture.ts';

async function printed(line: string, startedAs?: string): Promise<{ code: number; out: string; err: string }> {
  const [out, err]: [string[], string[]] = [[], []];
  const world = testRuntime({
    out: { write: (text) => void out.push(text) },
    err: { write: (text) => void err.push(text) },
    startedAs,
  });
  const code = await run(line.split(' '), world, '0.0.0');
  return { code, out: out.join(''), err: err.join('') };
}

suite('completion', () => {
  for (const shell of SHELLS) {
    test(`${shell}: prints a script for the program under its own name`, async () => {
      const { code, out, err } = await printed(`completion ${shell}`, '/opt/kubectl-api_trace');
      assert.deepEqual([code, err], [0, '']);
      assert.match(out, /\bkubectl-api_trace'? __complete /);
      assert.doesNotMatch(out, /kubectl-trace/);
      assert.match((await printed(`completion ${shell}`)).out, /\bkubectl-trace'? __complete /);
    });
  }

  for (const [line, message] of [
    ['completion', 'You must give a shell, or --install'],
    ['completion ksh', 'unsupported shell type "ksh"'],
    ['completion bash zsh', 'unexpected argument "zsh"'],
    ['completion bash --install', '--install takes no shell'],
    ['completion --uninstall zsh', '--uninstall takes no shell'],
    ['completion --install --uninstall', '--install and --uninstall exclude each other'],
  ] as const) {
    test(`${line}: ${message}`, async () => {
      const { code, out, err } = await printed(line);
      assert.deepEqual([code, out], [2, '']);
      assert.equal(err.split('\n')[0], `error: ${message}`);
    });
  }
});
