import { resolve } from 'node:path';
import { SECRET_REFERENCE } from '../../backend-access.ts';
import { UsageError } from '../../errors.ts';
import { readFile } from '../../files.ts';
import type { Runtime } from '../../runtime.ts';

/** The environment and folder that secrets are read from. */
export type SecretSources = Pick<Runtime, 'cwd' | 'env'>;

/**
 * The value that is given itself, in a file (without the line end behind it) or in an environment variable. `flag` names
 * it in messages, which never hold the value. Rejects with a UsageError.
 */
export async function secretValue(given: string, flag: string, sources: SecretSources): Promise<string> {
  const [, scheme, file, plain, braced] = SECRET_REFERENCE.exec(given) ?? [];
  const variable = plain ?? braced;
  if (file === undefined && variable === undefined) return checked(given, flag);
  const value = file === undefined ? ofVariable(variable!, flag, sources) : await ofFile(file, flag, sources);
  return checked(scheme === undefined ? value : `${scheme} ${value}`, flag);
}

/** The text of a file, without the line end behind it. Rejects with a UsageError. */
export async function ofFile(file: string, flag: string, { cwd }: Pick<SecretSources, 'cwd'>): Promise<string> {
  const text = await readFile(resolve(cwd, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    const why = { ENOENT: 'no such file or directory', EACCES: 'permission denied', EISDIR: 'it is a directory' };
    const { code = '' } = error;
    throw new UsageError('UnreadableSecret', `${flag}: open ${file}: ${why[code as keyof typeof why] ?? code}`);
  });
  const value = text.replace(/\r?\n$/, '');
  if (value !== '') return value;
  throw new UsageError('UnreadableSecret', `${flag}: ${file} is empty`);
}

function ofVariable(name: string, flag: string, { env }: SecretSources): string {
  const value = env[name];
  if (value) return value;
  throw new UsageError('UnreadableSecret', `${flag}: the environment variable ${name} is not set`, {
    hint: 'within double quotes the shell puts in the value itself: quote with single ones',
  });
}

/** Node refuses a value that no header can hold with a message that quotes it. */
function checked(value: string, flag: string): string {
  if (/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) return value;
  throw new UsageError('InvalidSecret', `${flag}: the value has a line end or a character that no header can have`);
}
