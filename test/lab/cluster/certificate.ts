import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

/**
 * A certificate authority for one test cluster. Node can read X.509 certificates but not write them; the few fields that
 * a server and a client need (RFC 5280 §4.1) are written here in DER, so that no openssl has to be installed.
 */
export interface Credentials {
  /** PEM. */
  readonly certificate: string;
  /** PEM, PKCS #8. */
  readonly key: string;
}

export interface Authority {
  readonly certificate: string;
  /** PEM, SEC 1: for a server that signs with it. */
  readonly key: string;
  /** For a server with these names; an IPv4 address is recognised as one. */
  issueServer(names: readonly string[]): Credentials;
  /** For a user: kube-apiserver takes the common name as the user's name and the organizations as its groups. */
  issueClient(user: string, groups: readonly string[], validity?: Validity): Credentials;
}

/** In milliseconds since the epoch. Without it, a day ago, for clients whose clock is hours behind, to a year from now. */
export interface Validity {
  readonly from: number;
  readonly to: number;
}

interface Subject {
  readonly commonName: string;
  readonly organizations?: readonly string[];
}

export function createAuthority(commonName: string): Authority {
  const issuer: Subject = { commonName };
  const own = newKey();
  const issue = (subject: Subject, publicKey: KeyObject, extensions: Buffer[], validity?: Validity): string =>
    certificate(issuer, own.privateKey, subject, publicKey, extensions, validity);
  const leaf = (subject: Subject, extensions: Buffer[], validity?: Validity): Credentials => {
    const { publicKey, privateKey } = newKey();
    return {
      certificate: issue(subject, publicKey, [extension(keyUsage, bits(0x80), true), ...extensions], validity),
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    };
  };
  return {
    key: own.privateKey.export({ type: 'sec1', format: 'pem' }),
    certificate: issue(issuer, own.publicKey, [
      extension(basicConstraints, sequence(boolean(true)), true),
      extension(keyUsage, bits(0x06), true),
    ]),
    issueServer: (names) =>
      leaf({ commonName: names[0] ?? 'server' }, [
        extension(extendedKeyUsage, sequence(objectIdentifier(serverAuthentication))),
        extension(subjectAlternativeName, sequence(...names.map(generalName))),
      ]),
    issueClient: (user, groups, validity) =>
      leaf(
        { commonName: user, organizations: groups },
        [extension(extendedKeyUsage, sequence(objectIdentifier(clientAuthentication)))],
        validity,
      ),
  };
}

/** A new private key for signing service account tokens, in SEC 1: client-go's keyutil reads no EC keys in PKCS #8. */
export function newSigningKey(): string {
  return newKey().privateKey.export({ type: 'sec1', format: 'pem' });
}

const HOUR = 3_600_000;
const ecdsaWithSHA256 = [1, 2, 840, 10045, 4, 3, 2];
const commonNameType = [2, 5, 4, 3];
const organizationType = [2, 5, 4, 10];
const keyUsage = [2, 5, 29, 15];
const subjectAlternativeName = [2, 5, 29, 17];
const basicConstraints = [2, 5, 29, 19];
const extendedKeyUsage = [2, 5, 29, 37];
const serverAuthentication = [1, 3, 6, 1, 5, 5, 7, 3, 1];
const clientAuthentication = [1, 3, 6, 1, 5, 5, 7, 3, 2];

function newKey(): { publicKey: KeyObject; privateKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function certificate(
  issuer: Subject,
  issuerKey: KeyObject,
  subject: Subject,
  publicKey: KeyObject,
  extensions: Buffer[],
  { from, to }: Validity = { from: Date.now() - 24 * HOUR, to: Date.now() + 365 * 24 * HOUR },
): string {
  const algorithm = sequence(objectIdentifier(ecdsaWithSHA256));
  const toBeSigned = sequence(
    element(0xa0, element(0x02, Buffer.of(2))), // version 3
    element(0x02, Buffer.concat([Buffer.of(0x40), randomBytes(15)])), // a positive serial number
    algorithm,
    name(issuer),
    sequence(utcTime(from), utcTime(to)),
    name(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    element(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', toBeSigned, issuerKey);
  const der = sequence(toBeSigned, algorithm, element(0x03, Buffer.concat([Buffer.of(0), signature])));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function name({ commonName, organizations = [] }: Subject): Buffer {
  const part = (type: number[], value: string): Buffer =>
    element(0x31, sequence(objectIdentifier(type), element(0x0c, Buffer.from(value))));
  return sequence(...organizations.map((each) => part(organizationType, each)), part(commonNameType, commonName));
}

function generalName(value: string): Buffer {
  return /^[\d.]+$/.test(value)
    ? element(0x87, Buffer.from(value.split('.').map(Number)))
    : element(0x82, Buffer.from(value));
}

function extension(type: number[], value: Buffer, critical = false): Buffer {
  return sequence(objectIdentifier(type), ...(critical ? [boolean(true)] : []), element(0x04, value));
}

/** A BIT STRING of at most eight bits, without its trailing zeros, as DER wants it. */
function bits(value: number): Buffer {
  const unused = Math.clz32(value & -value) === 32 ? 0 : 31 - Math.clz32(value & -value);
  return element(0x03, Buffer.of(unused, value));
}

function boolean(value: boolean): Buffer {
  return element(0x01, Buffer.of(value ? 0xff : 0));
}

function utcTime(epochMillis: number): Buffer {
  const digits = new Date(epochMillis).toISOString().replace(/[-:T]|\.\d+/g, '');
  return element(0x17, Buffer.from(digits.slice(2)));
}

function objectIdentifier([first = 0, second = 0, ...rest]: number[]): Buffer {
  const base128 = (value: number): number[] => {
    const septets = [value & 0x7f];
    for (let left = value >> 7; left > 0; left >>= 7) septets.unshift((left & 0x7f) | 0x80);
    return septets;
  };
  return element(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function sequence(...parts: Buffer[]): Buffer {
  return element(0x30, Buffer.concat(parts));
}

/** A DER element: tag, length, content. */
function element(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const header = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...header), content]);
}
