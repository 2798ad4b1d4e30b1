import { lstatSync, type Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { RunInvocation } from './arguments.ts';
import { UsageError } from '../../errors.ts';
import { claim, isOwn, NotOurs, withoutLinks, WRITE_OWN } from '../../files.ts';
import type { Runtime } from '../../runtime.ts';
import { openOutput } from '../../tracing/output.ts';
import type { TraceTarget } from '../../tracing/session.ts';

/**
 * Opens the target of a trace where standard output is the command's: standard error, or the file of --trace-output, before
 * anything is run. Rejects with a UsageError.
 */
export async function openTraceOutput(
  { draw, traceOutput }: Pick<RunInvocation, 'draw' | 'traceOutput'>,
  runtime: Runtime,
): Promise<TraceTarget> {
  if (traceOutput === undefined) {
    const own: Runtime = { ...runtime, out: runtime.err, outTerminal: runtime.errTerminal };
    return { output: openOutput(draw, own, '--trace-output trace.html'), runtime: own, close: async () => {} };
  }
  const texts: string[] = [];
  const own: Runtime = {
    ...runtime,
    out: { write: (text) => void texts.push(text) },
    outTerminal: { isTTY: false, columns: undefined },
  };
  const output = openOutput(draw, own);
  const file = await openOwn(resolve(runtime.cwd, traceOutput), runtime.uid).catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError('CannotWrite', `cannot write ${traceOutput}: ${cause.code ?? cause.message}`, {
      cause,
      hint: 'the file of --trace-output; the command was not run',
    });
  });
  return {
    output,
    runtime: own,
    close: async () => {
      try {
        await file.writeFile(texts.join(''));
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        runtime.err.write(`error: cannot write ${traceOutput}: ${code ?? message}\n`);
      } finally {
        await file.close();
      }
    },
  };
}

/** For this user alone; nothing of what it held is touched before that is certain. Pipes and terminals are as they are. */
async function openOwn(path: string, uid: Runtime['uid']): Promise<FileHandle> {
  const target = withoutLinks(path, uid);
  // /dev/stdout is a link of the kernel's own, to what is open already.
  const isOpen = target.startsWith('/proc/');
  // Opening a pipe waits for its reader.
  if (!isOpen) refusePipe(lstatSync(target, { throwIfNoEntry: false }), uid);
  const { open } = await import('node:fs/promises');
  const file = await open(target, isOpen ? 'w' : WRITE_OWN, 0o600);
  try {
    const found = await file.stat();
    if (!isOpen) refusePipe(found, uid);
    if (found.isFile()) {
      claim(file.fd, uid);
      await file.truncate(0);
    }
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Another user would read the trace at the other end. */
function refusePipe(found: Stats | undefined, uid: Runtime['uid']): void {
  if (found?.isFIFO() === true && !isOwn(found.uid, uid)) throw new NotOurs('it is a pipe of another user');
}
