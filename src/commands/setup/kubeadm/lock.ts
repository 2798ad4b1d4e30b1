import { createHash } from 'node:crypto';
import { UsageError } from '../../../errors.ts';
import { isObject, parseJSON, textOf } from '../../../kube/json.ts';
import { unwritable } from './leftovers.ts';
import type { NodeFiles } from './node-files.ts';
import { LOCK, STATE } from './paths.ts';
import type { ProcessIdentity, Processes } from './processes.ts';

/** Tries until another process leaves no gap between two of our steps. */
const MAX_TRIES = 100;

/** The process that takes the lock. */
export interface Taker {
  readonly processes: Processes;
  readonly pid: number;
  /** The time, for the message of the one that is refused. */
  readonly at: string;
}

/** Runs `work` while no other process changes the node. Rejects with a UsageError where one does. */
export async function withLock<Result>(files: NodeFiles, taker: Taker, work: () => Promise<Result>): Promise<Result> {
  const mine = JSON.stringify({ ...taker.processes.identityOf(taker.pid), at: taker.at });
  try {
    await take(LOCK, mine, files, taker);
  } catch (error) {
    // Made for the lock, and empty without it.
    await files.remove(STATE).catch(() => {});
    throw unwritable(error);
  }
  try {
    return await work();
  } finally {
    // A lock that stays is that of an ended process.
    await files.remove(LOCK).catch(() => {});
    await files.remove(STATE).catch(() => {});
  }
}

/**
 * Makes the lock: a symbolic link, which exists with its text in one step. One of an ended process is replaced. Several
 * processes may see that at once, and only one may replace it, and only while it is still the same one:
 *
 *     lock -> dead        take lock.DIGEST -> me        lock -> dead still?        rename lock.DIGEST to lock
 */
async function take(path: string, mine: string, files: NodeFiles, taker: Taker): Promise<void> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    await files.makeFolder(STATE, 0o700);
    try {
      await files.makeLink(mine, path);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // The folder goes with the lock of a process that has changed nothing.
      if (code === 'ENOENT') continue;
      if (code !== 'EEXIST') throw error;
    }
    const found = await files.readLink(path);
    if (found === undefined) continue;
    refuseRunning(found, taker.processes);
    const replacement = `${path}.${createHash('sha256').update(found).digest('hex').slice(0, 16)}`;
    await take(replacement, mine, files, taker);
    if ((await files.readLink(path)) === found) {
      await files.rename(replacement, path);
      return;
    }
    await files.remove(replacement);
  }
  throw refusal('other processes change this node', 'nothing was changed; run this again');
}

/** Throws unless the process of a lock has ended. */
function refuseRunning(text: string, { stateOf }: Processes): void {
  const holder = holderOf(text);
  const byHand = `nothing was changed; if it no longer runs, remove ${LOCK}`;
  if (holder === undefined) throw refusal(`${LOCK} is not a lock of this version`, byHand);
  const who = `process ${holder.pid}, since ${holder.at}`;
  const state = stateOf(holder);
  if (state === 'runs') {
    throw refusal(
      `setup kubeadm already changes this node: ${who}`,
      'nothing was changed; run this again when it has ended',
    );
  }
  if (state === 'unknown') throw refusal(`another setup kubeadm may still change this node: ${who}`, byHand);
}

function holderOf(text: string): (ProcessIdentity & { readonly at: string }) | undefined {
  const found = parseJSON(Buffer.from(text));
  if (!isObject(found) || typeof found['pid'] !== 'number') return undefined;
  const { pid, started, boot, namespace, at } = found;
  return { pid, started: textOf(started), boot: textOf(boot), namespace: textOf(namespace), at: textOf(at) };
}

const refusal = (message: string, hint: string): UsageError => new UsageError('AlreadyRunning', message, { hint });
