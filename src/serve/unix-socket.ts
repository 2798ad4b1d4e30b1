import { chmodSync, lstatSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { ExitCode, TraceCommandError } from '../errors.ts';
import { makeFolders } from '../folders.ts';

/** A unix socket, in a folder that only this user can enter. */
export interface SocketAddress {
  readonly path: string;
  readonly uid: number | undefined;
}

/** sockaddr_un has so much room on macOS; on Linux 107. */
const MAX_PATH_BYTES = 103;

/**
 * Makes way for a socket in a folder that only this user can enter. One that an earlier serve has left behind is removed.
 * Rejects with a TraceCommandError.
 */
export async function prepareSocket({ path, uid }: SocketAddress): Promise<void> {
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) {
    throw refused(path, `the path is longer than ${MAX_PATH_BYTES} bytes, which no socket can have`);
  }
  if (uid === undefined) throw refused(path, 'Windows has no such sockets');
  const folder = dirname(path);
  makeFolders(folder, 0o700, { fs: { mkdirSync, statSync }, path: { dirname } });
  const { uid: owner, mode } = lstatSync(folder);
  if (owner !== uid || (mode & 0o077) !== 0) {
    throw refused(
      path,
      `its folder ${folder} is not for you alone`,
      `chmod 700 ${folder}, or give a path in a new folder`,
    );
  }
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) throw refused(path, 'there is another file at this path');
  if (await responds(path)) throw refused(path, 'another program listens there');
  rmSync(path);
}

/** Without this, every user with access to the folder could connect. */
export const closeToOthers = (path: string): void => chmodSync(path, 0o600);

function responds(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function refused(path: string, why: string, hint?: string): TraceCommandError {
  const message = `cannot listen on the socket ${path}: ${why}`;
  return new TraceCommandError(ExitCode.requestFailed, 'CannotListen', message, hint === undefined ? {} : { hint });
}
