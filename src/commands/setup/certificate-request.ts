import { generateKeyPairSync, sign } from 'node:crypto';

/** A private key and the request for a certificate of it. */
export interface CertificateRequest {
  /** PEM, PKCS #8. */
  readonly key: string;
  /** PEM, PKCS #10. */
  readonly request: string;
}

/**
 * Makes a key, which stays on this machine, and a request for a client certificate: kube-apiserver takes the common name as
 * the user's name, and the organizations as groups. Node.js cannot write requests; the few fields of one are written in DER
 * (RFC 2986, X.690).
 */
export function certificateRequest(commonName: string, organizations: readonly string[]): CertificateRequest {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const info = sequence(
    element(INTEGER, Buffer.of(0)),
    sequence(...organizations.map((name) => nameAttribute(ORGANIZATION, name)), nameAttribute(COMMON_NAME, commonName)),
    publicKey.export({ type: 'spki', format: 'der' }),
    element(NO_ATTRIBUTES, Buffer.alloc(0)),
  );
  const signature = sign('sha256', info, privateKey);
  const request = sequence(
    info,
    sequence(objectIdentifier(ECDSA_WITH_SHA256)),
    element(BIT_STRING, Buffer.concat([Buffer.of(0), signature])),
  );
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    request: pem('CERTIFICATE REQUEST', request),
  };
}

const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OBJECT_IDENTIFIER = 0x06;
const UTF8_STRING = 0x0c;
const SEQUENCE = 0x30;
const SET = 0x31;
const NO_ATTRIBUTES = 0xa0;

/** Contents of object identifiers: 2.5.4.3, 2.5.4.10 and 1.2.840.10045.4.3.2. */
const COMMON_NAME = Buffer.of(0x55, 0x04, 0x03);
const ORGANIZATION = Buffer.of(0x55, 0x04, 0x0a);
const ECDSA_WITH_SHA256 = Buffer.of(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02);

const nameAttribute = (type: Buffer, value: string): Buffer =>
  element(SET, sequence(objectIdentifier(type), element(UTF8_STRING, Buffer.from(value))));

const objectIdentifier = (content: Buffer): Buffer => element(OBJECT_IDENTIFIER, content);

const sequence = (...parts: readonly Buffer[]): Buffer => element(SEQUENCE, Buffer.concat(parts));

/** Tag, length, content. A length of 128 or more is preceded by its own. */
function element(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const bytes = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...bytes), content]);
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
