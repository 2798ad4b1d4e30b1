import type { Runtime } from '../runtime.ts';
import { openClock } from './clock.ts';
import { sinkOf, terminalOf } from './output.ts';
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
    env: process.env,
    pid: process.pid,
    uid: process.geteuid?.(),
    cwd: process.cwd(),
    home: homeFolder(),
    ...openSignals(),
  };
}

export function homeFolder(): string {
  return process.env['HOME'] || process.getBuiltinModule('node:os').homedir();
}
