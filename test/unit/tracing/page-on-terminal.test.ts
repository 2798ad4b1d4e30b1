import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { openPodOutput } from '../../../src/commands/pod/output.ts';
import { openTraceOutput } from '../../../src/commands/run/trace-output.ts';
import { runShow } from '../../../src/commands/show/run.ts';
import { UsageError } from '../../../src/errors.ts';
import type { Runtime, Terminal } from '../../../src/runtime.ts';
import { openOutput } from '../../../src/tracing/output.ts';
import { parse } from '../../support/parse.ts';
import { testRuntime } from '../kube/fixture.ts';

const TERMINAL: Terminal = { isTTY: true, columns: 100 };
const PIPE: Terminal = { isTTY: false, columns: undefined };

const drawOf = (form: string) => {
  const invocation = parse(['get', 'nodes', '-o', form], {});
  assert.ok('draw' in invocation);
  return invocation.draw;
};

const isRefusal =
  (hint: RegExp) =>
  (error: unknown): boolean =>
    error instanceof UsageError && error.reason === 'PageOnTerminal' && hint.test(error.hint ?? '');

suite('a page on a terminal is refused before anything is sent', () => {
  const runtime = (outTerminal: Terminal, errTerminal = outTerminal): Runtime =>
    testRuntime({ outTerminal, errTerminal });

  test('of a request and of a pod, with how to write it to a file', () => {
    for (const open of [openOutput, openPodOutput]) {
      assert.throws(() => open(drawOf('html'), runtime(TERMINAL)), isRefusal(/add > trace\.html to the command/));
    }
  });

  test('not in a pipe or a file, and not in another form', () => {
    for (const open of [openOutput, openPodOutput]) {
      open(drawOf('html'), runtime(PIPE, TERMINAL));
      for (const form of ['tree', 'json', 'svg', 'markdown']) open(drawOf(form), runtime(TERMINAL));
    }
  });

  test('of a command under run, whose trace is on standard error, unless it has its own file', async () => {
    const draw = drawOf('html');
    await assert.rejects(
      openTraceOutput({ draw }, runtime(PIPE, TERMINAL)),
      isRefusal(/add --trace-output trace\.html/),
    );
    await (await openTraceOutput({ draw }, runtime(TERMINAL, PIPE))).close();
    await (await openTraceOutput({ draw, traceOutput: '/dev/null' }, runtime(TERMINAL))).close();
  });

  test('of show, before it looks for the trace', async () => {
    for (const more of [[], ['--compare', 'other.json']]) {
      const invocation = parse(['show', 'missing.json', '-o', 'html', ...more], {});
      assert.ok(invocation.kind === 'show');
      await assert.rejects(runShow(invocation, runtime(TERMINAL), '0.1.0'), isRefusal(/> trace\.html/));
    }
  });
});
