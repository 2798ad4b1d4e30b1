import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority } from '../lab/cluster/certificate.ts';

/** Files that `serve` takes for TLS, and the authority that its clients trust. */
export interface CredentialFolder {
  readonly ca: string;
  readonly files: { readonly certificate: string; readonly key: string; readonly token: string };
  /** The flags of `serve`. */
  readonly flags: readonly string[];
  readonly token: string;
  /** The path of the authority's certificate. */
  readonly authority: string;
  /** Replaces certificate and key by those for these names, of the same authority. */
  renew(names: readonly string[]): void;
  remove(): void;
}

export const SERVED_NAMES = ['kubectl-trace-serve.tracing.svc', '127.0.0.1'];

/** A certificate for `SERVED_NAMES`, its key and a token, in a new folder. */
export function makeCredentials(token = 'a-token-of-32-characters-for-test'): CredentialFolder {
  const folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-tls-'));
  const authority = createAuthority('test authority');
  const files = { certificate: join(folder, 'tls.crt'), key: join(folder, 'tls.key'), token: join(folder, 'token') };
  const renew = (names: readonly string[]): void => {
    const { certificate, key } = authority.issueServer(names);
    writeFileSync(files.certificate, certificate);
    writeFileSync(files.key, key, { mode: 0o600 });
  };
  renew(SERVED_NAMES);
  writeFileSync(files.token, `${token}\n`, { mode: 0o600 });
  writeFileSync(join(folder, 'ca.crt'), authority.certificate);
  return {
    ca: authority.certificate,
    files,
    flags: ['--tls-cert-file', files.certificate, '--tls-private-key-file', files.key, '--token-file', files.token],
    token,
    authority: join(folder, 'ca.crt'),
    renew,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
