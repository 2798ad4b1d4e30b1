import { execFile } from 'node:child_process';

/** Larger than any binary of Node.js. */
const MAX_BYTES = 512 * 1024 * 1024;

/** One file of a compressed archive, by the system's tar. Rejects when it is not in there. */
export function fileInArchive(archive: string, member: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    execFile(
      'tar',
      ['-xzOf', archive, member],
      { encoding: 'buffer', maxBuffer: MAX_BYTES },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`${member} is not in the archive: ${stderr.toString().trim().split('\n')[0]}`));
      },
    );
  });
}
