import type { Runtime } from '../runtime.ts';
import { openClock } from './clock.ts';
import { keepExitCode, sinkOf, terminalOf } from './output.ts';
import { openSignals } from './signals.ts';

/** The world as it is. */
export function runtime(): Runtime {
  return {
    input: () => process.stdin,
    out: sinkOf(1),
    err: sinkOf(2),
    outTerminal: terminalOf(1),
    errTerminal: terminalOf(2),
    clock: openClock(),
    random: (size) => process.getBuiltinModule('node:crypto').randomBytes(size),
    fetch: globalThis.fetch,
    env: takeEnvironment(),
    pid: process.pid,
    uid: process.geteuid?.(),
    cwd: process.cwd(),
    home: homeFolder(),
    keepExitCode,
    ...openSignals(),
  };
}

/**
 * The environment that the user gave, which child processes get as it is. Names are in capitals on Windows, where their
 * case does not count. From this process one variable is taken away: with it, Node.js would verify no server's certificate
 * where a package leaves that to the default, and warn on standard error. kubectl has no such variable.
 */
function takeEnvironment(): NodeJS.ProcessEnv {
  const given = Object.entries(process.env);
  delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
  const names = process.platform === 'win32' ? given.map(([name, value]) => [name.toUpperCase(), value]) : given;
  return Object.fromEntries(names) as NodeJS.ProcessEnv;
}

export function homeFolder(): string {
  return process.env['HOME'] || process.getBuiltinModule('node:os').homedir();
}
