import { spawn } from 'node:child_process';

/** An unprivileged user, who owns nothing. */
export const OTHER_UID = 65_534;

/** Only root can become another user; undefined where the test runs as root. */
export const NEEDS_ROOT = process.getuid?.() === 0 ? false : 'needs root, to act as a second user';

/** Runs a shell command as another user; resolves with what it printed, and rejects with what it complained of. */
export function asOther(command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', command], {
      uid: OTHER_UID,
      gid: OTHER_UID,
      cwd: '/',
      env: { PATH: '/usr/bin:/bin' },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (more) => (stdout += String(more)));
    child.stderr.on('data', (more) => (stderr += String(more)));
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve(stdout) : reject(new Error(stderr))));
  });
}
