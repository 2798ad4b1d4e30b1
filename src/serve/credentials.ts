import { createHash, timingSafeEqual, X509Certificate } from 'node:crypto';
import * as fs from 'node:fs';
import { createSecureContext } from 'node:tls';
import { UsageError } from '../errors.ts';
import { READ, withOpened } from '../files.ts';
import { systemErrorText } from '../format/system-error.ts';

/** Paths of what a listener needs beyond loopback. */
export interface CredentialFiles {
  /** The certificate, and those between it and its authority. */
  readonly certificate: string;
  readonly key: string;
  readonly token: string;
}

interface Content {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly x509: X509Certificate;
  readonly tokenHash: Buffer;
}

/** A shorter token can be guessed. */
const MIN_TOKEN_LENGTH = 16;
/** More is no certificate, key or token. */
const MAX_FILE_BYTES = 1024 * 1024;

/** The certificate and the token of a server. They are read again while it runs, because both are renewed. */
export class ServeCredentials {
  readonly #files: CredentialFiles;
  readonly #uid: number | undefined;
  #content: Content;

  /** Throws a UsageError, which holds no secret. */
  constructor(files: CredentialFiles, uid: number | undefined) {
    this.#files = files;
    this.#uid = uid;
    this.#content = read(files, uid);
  }

  /** Certificate and key, as Node.js takes them. */
  get pair(): { readonly cert: Buffer; readonly key: Buffer } {
    const { cert, key } = this.#content;
    return { cert, key };
  }

  /** True when something has changed. Throws a UsageError for what cannot be used; then the earlier content stays. */
  readAgain(): boolean {
    const next = read(this.#files, this.#uid);
    const last = this.#content;
    this.#content = next;
    return !(next.cert.equals(last.cert) && next.key.equals(last.key) && next.tokenHash.equals(last.tokenHash));
  }

  /** Whether the certificate has this name. */
  hasName(name: string): boolean {
    return this.#content.x509.checkHost(name) !== undefined;
  }

  /** Whether the header holds the token: as a bearer, or as a password, which is what a browser prompts for. */
  accepts(authorization: string | undefined): boolean {
    const [, scheme = '', value = ''] = /^(\S+) +(\S+)$/.exec(authorization?.trim() ?? '') ?? [];
    if (/^bearer$/i.test(scheme)) return this.#isToken(value);
    if (!/^basic$/i.test(scheme)) return false;
    const [, password = ''] = /^[^:]*:(.*)$/s.exec(Buffer.from(value, 'base64').toString()) ?? [];
    return this.#isToken(password);
  }

  /** The hashes are compared: they have one length, and say nothing about where two tokens differ. */
  #isToken(given: string): boolean {
    return timingSafeEqual(hashOf(given), this.#content.tokenHash);
  }
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

function read(files: CredentialFiles, uid: number | undefined): Content {
  const cert = contentOf(files.certificate, '--tls-cert-file');
  const key = privateContentOf(files.key, '--tls-private-key-file', uid);
  const token = privateContentOf(files.token, '--token-file', uid).toString().trim();
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new UsageError(
      'InvalidToken',
      `--token-file: ${files.token} must hold one token, without blanks`,
      MAKE_TOKEN,
    );
  }
  if (token.length < MIN_TOKEN_LENGTH) {
    const message = `--token-file: the token in ${files.token} is too short: it needs ${MIN_TOKEN_LENGTH} characters`;
    throw new UsageError('InvalidToken', message, MAKE_TOKEN);
  }
  try {
    const x509 = new X509Certificate(cert);
    createSecureContext({ cert, key });
    return { cert, key, x509, tokenHash: hashOf(token) };
  } catch {
    // OpenSSL's message could quote the input.
    const message = `--tls-cert-file ${files.certificate} and --tls-private-key-file ${files.key} are not a certificate and its key in PEM`;
    throw new UsageError('InvalidCertificate', message);
  }
}

const MAKE_TOKEN = { hint: 'make one: (umask 077 && openssl rand -hex 32 > token)' };

const unreadable = (flag: string, path: string, why: string, hint?: string): UsageError =>
  new UsageError('UnreadableSecret', `${flag}: open ${path}: ${why}`, hint === undefined ? {} : { hint });

function contentOf(path: string, flag: string, check: (stats: fs.Stats) => void = () => {}): Buffer {
  try {
    return withOpened(path, READ, (descriptor, stats) => {
      if (!stats.isFile()) throw unreadable(flag, path, 'it is not a file');
      if (stats.size > MAX_FILE_BYTES) throw unreadable(flag, path, 'it is too large');
      check(stats);
      return fs.readFileSync(descriptor);
    });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw unreadable(flag, path, systemErrorText({ code, message: code }));
  }
}

/**
 * A file that no other user can read: of this user with the mode 0600, or of root as the kubelet mounts a Secret, where
 * the group of the pod may read it.
 */
function privateContentOf(path: string, flag: string, uid: number | undefined): Buffer {
  return contentOf(path, flag, (stats) => {
    // Windows has neither owners nor modes.
    if (uid === undefined) return;
    if (stats.uid !== uid && stats.uid !== 0) throw unreadable(flag, path, 'it belongs to another user');
    const refused = stats.uid === 0 ? 0o037 : 0o077;
    if ((stats.mode & refused) === 0) return;
    throw unreadable(
      flag,
      path,
      'other users may read or write it',
      `chmod 600 ${path}; for a Secret: defaultMode: 0440`,
    );
  });
}
