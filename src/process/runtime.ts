import type { Platform } from '../platform.ts';
import type { Runtime } from '../runtime.ts';
import { codeFolder } from '../user-folders.ts';
import { isExecutable } from './built-program.ts';
import { openClock } from './clock.ts';
import { exposedFolder } from './exposed-folder.ts';
import { keepExitCode, sinkOf, terminalOf } from './output.ts';
import { KERNEL_RANDOM, openRandom } from './random.ts';
import { environmentOf, thisHome, thisPlatform } from './platform.ts';
import { openSignals } from './signals.ts';
import { isOurVariable, ownFile, startedAs } from './started-as.ts';

/** The world as it is. */
export function runtime(): Runtime {
  const platform = thisPlatform();
  const env = takeEnvironment(platform);
  const home = thisHome(env, platform);
  const uid = process.geteuid?.();
  return {
    input: () => process.stdin,
    out: sinkOf(1, platform),
    err: sinkOf(2, platform),
    outTerminal: terminalOf(1, platform, env),
    errTerminal: terminalOf(2, platform, env),
    clock: openClock(platform),
    random: openRandom(KERNEL_RANDOM),
    fetch: globalThis.fetch,
    env,
    platform,
    nodejs: { version: process.version, arch: process.arch, isExecutable: isExecutable() },
    startedAs: startedAs(),
    ownFile: ownFile(isExecutable(), platform),
    pid: process.pid,
    isAlive,
    uid,
    exposedFolder: () => exposedFolder(codeFolder({ env, home, platform }), uid),
    cwd: process.cwd(),
    home,
    keepExitCode,
    ...openSignals(platform, process),
  };
}

/**
 * The environment that the user gave, which child processes get as it is. From this process one variable is taken away:
 * with it, Node.js would verify no server's certificate where a package leaves that to the default, and warn on standard
 * error. kubectl has no such variable.
 */
export function takeEnvironment(platform: Platform): NodeJS.ProcessEnv {
  const given = Object.entries(environmentOf(process.env, platform)).filter(([name]) => !isOurVariable(name));
  delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
  return Object.fromEntries(given);
}

/** Signal 0 only looks. A process of another user is alive too: there it fails with EPERM. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
