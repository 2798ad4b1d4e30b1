import { generateKeyPairSync, sign } from 'node:crypto';
import type { RandomBytes } from '../trace/ids.ts';
import { DER } from './der.ts';

/** A server's certificate, which is its own authority, and the key that belongs to it. */
export interface ServerIdentity {
  /** PEM. */
  readonly certificate: string;
  /** PEM, PKCS #8; never written to a file. */
  readonly key: string;
}

const DAY_MILLIS = 24 * 3_600_000;
/** Longer than any command runs; clients do not trust a certificate without an end. */
const VALID_DAYS = 365;

const ECDSA_WITH_SHA256 = DER.sequence(DER.identifier('1.2.840.10045.4.3.2'));

/**
 * A certificate for the loopback address 127.0.0.1, with a new key (RFC 5280 §4.1). Node reads certificates but writes
 * none. A client that trusts it trusts nothing else by it: it is valid for this address alone, as long as the process
 * runs.
 */
export function newServerIdentity(now: Date, random: RandomBytes): ServerIdentity {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = DER.sequence(DER.set(DER.sequence(DER.identifier('2.5.4.3'), DER.text('kubectl trace run'))));
  const toBeSigned = DER.sequence(
    DER.tagged(0, DER.integer(Buffer.of(2))), // version 3
    DER.integer(Buffer.concat([Buffer.of(0x40), random(15)])),
    ECDSA_WITH_SHA256,
    name,
    DER.sequence(
      DER.time(new Date(now.getTime() - DAY_MILLIS)),
      DER.time(new Date(now.getTime() + VALID_DAYS * DAY_MILLIS)),
    ),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    DER.tagged(3, DER.sequence(...EXTENSIONS)),
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  const certificate = DER.sequence(toBeSigned, ECDSA_WITH_SHA256, DER.bits(signature));
  return {
    certificate: pem('CERTIFICATE', certificate),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
  };
}

const extension = (identifier: string, value: Buffer, ...critical: readonly Buffer[]): Buffer =>
  DER.sequence(DER.identifier(identifier), ...critical, DER.bytes(value));

const EXTENSIONS: readonly Buffer[] = [
  // basicConstraints: an authority, so that every client takes it as one.
  extension('2.5.29.19', DER.sequence(DER.true), DER.true),
  // keyUsage: digitalSignature, keyCertSign.
  extension('2.5.29.15', DER.bits(Buffer.of(0x84), 2), DER.true),
  // extendedKeyUsage: serverAuth.
  extension('2.5.29.37', DER.sequence(DER.identifier('1.3.6.1.5.5.7.3.1'))),
  // subjectAltName: an IP address.
  extension('2.5.29.17', DER.sequence(DER.tagged(7, Buffer.of(127, 0, 0, 1), false))),
];

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
