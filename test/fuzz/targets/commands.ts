import { Readable } from 'node:stream';
import { run } from '../../../src/run.ts';
import { ExitCode } from '../../../src/errors.ts';
import { testRuntime } from '../../unit/kube/fixture.ts';
import { cleanHome } from '../../support/kubectl-trace.ts';
import { promise } from '../engine/target.ts';

/** C0 without the line end, DEL, C1: what a terminal takes for more than text. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\0-\x08\x0b-\x1f\x7f-\x9f]/;

const EXIT_CODES: readonly number[] = Object.values(ExitCode);

/** `show` returns the exit code of the command that a document is about: of `run`, any that a program may have. */
const isShown = (code: number, input: Buffer): boolean =>
  code > 0 && code <= 255 && new RegExp(`exitCode['"]?\\s*:\\s*0*${code}\\b`).test(input.toString('latin1'));

/** Commands in this process, with a home that has nothing in it. */
export interface CommandRunner {
  /** Resolves with the exit code. Rejects with BrokenPromise for an output that could harm its reader. */
  run(argv: readonly string[], input?: Buffer): Promise<string>;
  close(): void;
}

export function openCommands(): CommandRunner {
  const home = cleanHome();
  return {
    close: () => home.remove(),
    async run(argv, input = Buffer.alloc(0)) {
      let stdout = '';
      let stderr = '';
      const half = Math.floor(input.length / 2);
      const terminal = { isTTY: true, columns: 100, rows: 40 };
      const runtime = testRuntime({
        input: () => Readable.from([input.subarray(0, half), input.subarray(half)]),
        out: { write: (text) => void (stdout += text) },
        err: { write: (text) => void (stderr += text) },
        outTerminal: terminal,
        errTerminal: { ...terminal, isTTY: false },
        env: { HOME: home.path, NO_COLOR: '1' },
        cwd: home.path,
        home: home.path,
        fetch: () => Promise.reject(new TypeError('there is no network here')),
      });
      const code = await run(argv, runtime, '0.1.0');
      promise(EXIT_CODES.includes(code) || isShown(code, input), `the exit code is ${code}`);
      promise(!/internal error/i.test(stderr), 'an internal error is reported');
      promise(!CONTROL.test(stderr), 'standard error has a control character');
      if (argv.some((one) => /^(tree|wide|summary|name|markdown)$/.test(one))) {
        promise(!CONTROL.test(stdout), 'the screen has a control character');
      }
      if (code === ExitCode.ok && argv[argv.indexOf('-o') + 1] === 'json') JSON.parse(stdout);
      return `exit code ${code}, ${stdout === '' ? 'nothing' : 'something'} printed`;
    },
  };
}
