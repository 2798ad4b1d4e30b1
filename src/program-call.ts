import { isWindows, type Platform } from './platform.ts';

/** Arguments of Node.js' `spawn`. */
export interface ProgramCall {
  readonly file: string;
  readonly args: readonly string[];
  /** `args` is a command line as it is. */
  readonly windowsVerbatimArguments?: boolean;
}

/** Within quotes cmd.exe still gives these a meaning, or ends the line there. */
const NOT_FOR_BATCH = /["%\r\n\0]/;

/**
 * How a program is started. A batch file of Windows is run by cmd.exe: Node.js refuses to start it directly, since
 * arguments could be read as commands (CVE-2024-27980). Undefined for arguments that cannot be quoted safely.
 */
export function programCall(
  path: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  platform: Platform,
): ProgramCall | undefined {
  if (!isWindows(platform) || !/\.(?:bat|cmd)$/i.test(path)) return { file: path, args };
  const words = [path, ...args];
  if (words.some((word) => NOT_FOR_BATCH.test(word))) return undefined;
  const line = words.map((word) => `"${word}"`).join(' ');
  const shell = env['COMSPEC'] || platform.path.join(env['SYSTEMROOT'] ?? 'C:\\Windows', 'System32', 'cmd.exe');
  // /d: no AutoRun commands; /s: only the outer quotes are taken away.
  return { file: shell, args: ['/d', '/s', '/c', `"${line}"`], windowsVerbatimArguments: true };
}
