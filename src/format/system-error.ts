/** In the words of strerror(3). */
const WORDS: Readonly<Record<string, string>> = {
  E2BIG: 'argument list too long',
  EACCES: 'permission denied',
  EDQUOT: 'disk quota exceeded',
  EISDIR: 'is a directory',
  ELOOP: 'too many levels of symbolic links',
  ENAMETOOLONG: 'file name too long',
  ENOENT: 'no such file or directory',
  ENOEXEC: 'exec format error',
  ENOSPC: 'no space left on device',
  ENOTDIR: 'not a directory',
  EPERM: 'operation not permitted',
  EROFS: 'read-only file system',
};

interface SystemError {
  readonly code?: string | undefined;
  readonly message: string;
}

/** Why the system refused something, in a few words for a message; any other error's own message. */
export const systemErrorText = ({ code, message }: SystemError): string => WORDS[code ?? ''] ?? message;
