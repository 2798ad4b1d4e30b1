import { readFileSync, readlinkSync } from 'node:fs';

/** A process, so that another one with the same number is not taken for it. Empty parts are not known. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in clock ticks since the boot. */
  readonly started: string;
  readonly boot: string;
  /** The PID namespace in which its number counts: a debug pod may have its own. */
  readonly namespace: string;
}

export interface Processes {
  identityOf(pid: number): ProcessIdentity;
  /** `unknown`: it cannot be seen from here. */
  stateOf(identity: ProcessIdentity): 'runs' | 'ended' | 'unknown';
}

/** Processes of this machine as Linux shows them. */
export const processes: Processes = {
  identityOf: (pid) => ({
    pid,
    started: statOf(pid)?.started ?? '',
    boot: textOf('/proc/sys/kernel/random/boot_id'),
    namespace: namespaceOf(),
  }),
  stateOf({ pid, started, boot, namespace }) {
    const here = processes.identityOf(pid);
    if (here.boot === '' || boot === '') return 'unknown';
    if (here.boot !== boot) return 'ended';
    if (here.namespace !== namespace) return 'unknown';
    const stat = statOf(pid);
    return stat !== undefined && stat.started === started && stat.isAlive ? 'runs' : 'ended';
  },
};

/** Fields of /proc/PID/stat behind the name, which is in parentheses and may have any character (proc_pid_stat(5)). */
function statOf(pid: number): { readonly started: string; readonly isAlive: boolean } | undefined {
  const text = textOf(`/proc/${pid}/stat`);
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, started] = [fields[0], fields[19]];
  return started === undefined ? undefined : { started, isAlive: state !== 'Z' && state !== 'X' };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

function namespaceOf(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}
