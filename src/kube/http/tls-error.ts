import { tableOf } from '../../format/table-of.ts';
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { TransportError } from './exchange.ts';

/** OpenSSL's reasons (X509_V_ERR_…, as Node spells them) that Go's crypto/x509 calls an unknown authority. */
const UNKNOWN_AUTHORITY: ReadonlySet<string> = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
]);

const OUT_OF_DATE: ReadonlySet<string> = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']);
const OTHER_NAME = 'ERR_TLS_CERT_ALTNAME_INVALID';

/** The certificate check that a TLS connection failed. */
export interface Verification {
  /** The server's certificate, where it came that far. */
  readonly certificate: X509Certificate | undefined;
  /** The CA that it has to be signed by, PEM; undefined for the system's. */
  readonly authorities: Buffer | undefined;
  /** The name or address that the certificate has to be for. */
  readonly name: string;
  readonly now: Date;
}

/**
 * A certificate that was not accepted, in the words that Go's crypto/x509 (verify.go) has for it and kubectl prints.
 * Undefined for a code that is not about certificates. Go looks at the dates first, then the name, then the chain;
 * OpenSSL at the chain first: the order of Go counts, since it decides which of several faults is reported.
 */
export function certificateError(code: string, verification: Verification): TransportError | undefined {
  if (!UNKNOWN_AUTHORITY.has(code) && !OUT_OF_DATE.has(code) && code !== OTHER_NAME) return undefined;
  const { certificate, authorities, name, now } = verification;
  if (certificate !== undefined) {
    const outOfDate = dateFault(certificate, now);
    if (outOfDate !== undefined) return expired(outOfDate);
    const otherName = nameFault(certificate, name);
    if (otherName !== undefined) return wrongName(otherName);
  }
  if (OUT_OF_DATE.has(code)) return expired('certificate has expired or is not yet valid');
  if (code === OTHER_NAME) return wrongName(`certificate is not valid for ${name}`);
  return unknownAuthority(certificate && namesake(certificate, authorities));
}

function unknownAuthority(candidate: X509Certificate | undefined): TransportError {
  const fault = 'certificate signed by unknown authority';
  if (candidate === undefined) {
    return {
      reason: 'UnknownAuthority',
      message: failed(fault),
      hint: 'give the CA that signed it: --certificate-authority FILE, or certificate-authority-data in the kubeconfig',
    };
  }
  const why = VERIFICATION_FAILURES[candidate.publicKey.asymmetricKeyType ?? ''] ?? 'x509: verification failure';
  const name = JSON.stringify(/^(?:CN|O)=(.*)$/m.exec(candidate.subject)?.[1] ?? '');
  const candidacy = `(possibly because of "${why}" while trying to verify candidate authority certificate ${name})`;
  return {
    reason: 'UnknownAuthority',
    message: failed(`${fault} ${candidacy}`),
    hint: 'the CA of the kubeconfig has the right name but another key: is it from an earlier cluster at this address?',
  };
}

/** Go's words for a signature by another key, by the kind of the CA's key. */
const VERIFICATION_FAILURES: Readonly<Record<string, string>> = tableOf({
  rsa: 'crypto/rsa: verification error',
  ec: 'x509: ECDSA verification failure',
  ed25519: 'x509: Ed25519 verification failure',
});

/** The CA that has the name of the certificate's issuer but did not sign it. */
function namesake(certificate: X509Certificate, authorities: Buffer | undefined): X509Certificate | undefined {
  const blocks = authorities?.toString().match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block)).find((each) => each.subject === certificate.issuer);
}

function failed(fault: string): string {
  return `Unable to connect to the server: tls: failed to verify certificate: x509: ${fault}`;
}

function expired(fault: string): TransportError {
  return {
    reason: 'CertificateExpired',
    message: failed(fault),
    hint: "renew the server's certificate (kubeadm certs renew), or set this machine's clock",
  };
}

function wrongName(fault: string): TransportError {
  return {
    reason: 'CertificateNameMismatch',
    message: failed(fault),
    hint: 'use an address that the certificate is for, or name one of them with --tls-server-name',
  };
}

function dateFault(certificate: X509Certificate, now: Date): string | undefined {
  const from = new Date(certificate.validFrom);
  const to = new Date(certificate.validTo);
  const message = `certificate has expired or is not yet valid: current time ${seconds(now)}`;
  if (now < from) return `${message} is before ${seconds(from)}`;
  return now > to ? `${message} is after ${seconds(to)}` : undefined;
}

/** RFC 3339 without fractions. */
function seconds(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

function nameFault(certificate: X509Certificate, name: string): string | undefined {
  const { names, addresses } = alternativeNames(certificate);
  if (isIP(name) !== 0) {
    if (certificate.checkIP(name) !== undefined) return undefined;
    if (addresses.length === 0) return `cannot validate certificate for ${name} because it doesn't contain any IP SANs`;
    return `certificate is valid for ${addresses.join(', ')}, not ${name}`;
  }
  // Like Go, and unlike OpenSSL by default, the common name does not count.
  if (certificate.checkHost(name, { subject: 'never' }) !== undefined) return undefined;
  if (names.length === 0) return `certificate is not valid for any names, but wanted to match ${name}`;
  return `certificate is valid for ${names.join(', ')}, not ${name}`;
}

function alternativeNames(certificate: X509Certificate): { names: string[]; addresses: string[] } {
  const names: string[] = [];
  const addresses: string[] = [];
  for (const each of (certificate.subjectAltName ?? '').split(', ')) {
    if (each.startsWith('DNS:')) names.push(each.slice('DNS:'.length));
    if (each.startsWith('IP Address:')) addresses.push(each.slice('IP Address:'.length));
  }
  return { names, addresses };
}
