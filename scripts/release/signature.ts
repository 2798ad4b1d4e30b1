import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../cache-folder.ts';

const execute = promisify(execFile);

/** The crate apple-codesign, whose program signs and verifies on Linux. */
const VERSION = '0.29.0';
const root = join(cacheFolder('tools'), `rcodesign-${VERSION}`);

/**
 * Signs a program for macOS without an identity ("ad hoc"), as Apple's linker does: without any signature, macOS on arm64
 * ends it at once. Node's own signature is gone by then, since the program was changed.
 */
export async function sign(program: string): Promise<void> {
  const rcodesign = await install();
  await execute(rcodesign, ['sign', '--binary-identifier', 'kubectl-trace', program]);
}

/** Rejects with the reasons when the signature does not fit the program. */
export async function verifySignature(program: string): Promise<void> {
  const rcodesign = await install();
  const output = await new Promise<VerifyOutput>((resolve) => {
    execFile(rcodesign, ['verify', program], (error, stdout, stderr) =>
      resolve({ ok: error === null, stdout, stderr }),
    );
  });
  const problems = signatureProblems(output);
  if (problems.length > 0) throw new Error(`${program}: its signature is not valid\n${problems.join('\n')}`);
}

/** The output of `rcodesign verify`. */
export interface VerifyOutput {
  readonly ok: boolean;
  /** One problem in a line. */
  readonly stdout: string;
  readonly stderr: string;
}

/** An ad-hoc signature has an empty place for a certificate's signature, as Apple's codesign leaves it. rcodesign reports it. */
const NO_CERTIFICATE = 'CMS error: missing further values (at position 0)';

/** The problems of an ad-hoc signature. */
export function signatureProblems({ ok, stdout, stderr }: VerifyOutput): readonly string[] {
  if (ok) return [];
  const reported = stdout.split('\n').filter((line) => line !== '');
  return reported.length === 0 ? [stderr.trim()] : reported.filter((line) => line !== NO_CERTIFICATE);
}

async function install(): Promise<string> {
  const program = join(root, 'bin', 'rcodesign');
  try {
    await access(program);
  } catch {
    process.stderr.write(`compiling rcodesign ${VERSION}: about ten minutes, once\n`);
    await execute('cargo', ['install', 'apple-codesign', '--version', VERSION, '--locked', '--root', root], {
      maxBuffer: 64 * 1024 * 1024,
    });
  }
  return program;
}
