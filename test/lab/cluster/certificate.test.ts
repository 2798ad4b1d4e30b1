import assert from 'node:assert/strict';
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { test } from 'node:test';
import { createAuthority } from './certificate.ts';

const authority = createAuthority('authority');
const issuer = new X509Certificate(authority.certificate);

test('a CA is self-signed and may sign other certificates', () => {
  assert.equal(issuer.subject, 'CN=authority');
  assert.equal(issuer.ca, true);
  assert.ok(issuer.verify(issuer.publicKey));
});

test('a server certificate covers its names and addresses only', () => {
  const { certificate, key } = authority.issueServer(['localhost', '127.0.0.1']);
  const server = new X509Certificate(certificate);
  assert.ok(server.verify(issuer.publicKey));
  assert.ok(server.checkIssued(issuer));
  assert.ok(server.checkPrivateKey(createPrivateKey(key)));
  assert.equal(server.subjectAltName, 'DNS:localhost, IP Address:127.0.0.1');
  assert.equal(server.checkHost('example.com'), undefined);
  assert.equal(server.ca, false);
});

test('a client certificate carries the user and the groups', () => {
  const client = new X509Certificate(authority.issueClient('ada', ['readers', 'writers']).certificate);
  assert.equal(client.subject, 'O=readers\nO=writers\nCN=ada');
  assert.ok(client.verify(issuer.publicKey));
  assert.ok(!client.verify(new X509Certificate(createAuthority('authority').certificate).publicKey));
});

test('certificates are valid now, and have different serial numbers', () => {
  const [one, other] = [1, 2].map(() => new X509Certificate(authority.issueServer(['localhost']).certificate));
  assert.ok(one!.validFromDate.getTime() < Date.now());
  assert.ok(one!.validToDate.getTime() > Date.now());
  assert.notEqual(one!.serialNumber, other!.serialNumber);
});
