import assert from 'node:assert/strict';
import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { newServerIdentity } from '../../../src/proxy/certificate.ts';
import { DER } from '../../../src/proxy/der.ts';

test('certificate: self-signed, and only for the loopback address', () => {
  const now = new Date('2026-11-25T12:00:00Z');
  const { certificate, key } = newServerIdentity(now, (size) => randomBytes(size));
  const read = new X509Certificate(certificate);
  assert.ok(read.verify(read.publicKey));
  assert.ok(read.checkPrivateKey(createPrivateKey(key)));
  assert.equal(read.ca, true);
  assert.equal(read.subjectAltName, 'IP Address:127.0.0.1');
  assert.equal(read.checkIP('127.0.0.1'), '127.0.0.1');
  assert.equal(read.checkIP('127.0.0.2'), undefined);
  assert.deepEqual(read.keyUsage, ['1.3.6.1.5.5.7.3.1']);
  assert.equal(read.validFromDate.toISOString(), '2026-11-24T12:00:00.000Z');
  assert.equal(read.validToDate.toISOString(), '2027-11-25T12:00:00.000Z');
});

test('certificate: no two are equal', () => {
  const one = newServerIdentity(new Date(), (size) => randomBytes(size));
  const other = newServerIdentity(new Date(), (size) => randomBytes(size));
  assert.notEqual(one.key, other.key);
  assert.notEqual(
    new X509Certificate(one.certificate).serialNumber,
    new X509Certificate(other.certificate).serialNumber,
  );
});

test('certificate: every length is encoded so that it can be decoded', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 70_000 }).filter((size) => size < 65_536),
      (size) => {
        const der = DER.bytes(Buffer.alloc(size, 1));
        const [, first = 0] = der;
        const more = first < 0x80 ? 0 : first & 0x7f;
        const length = more === 0 ? first : der.readUIntBE(2, more);
        return length === size && der.length === 2 + more + size;
      },
    ),
  );
});
