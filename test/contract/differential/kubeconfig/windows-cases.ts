import { GOOD, withCluster, withUser, type KubeconfigCase } from './case.ts';

const BOM = '\ufeff';
const crlf = (text: string): string => text.replaceAll('\n', '\r\n');

const withCA = withCluster('server: SECURE/one, certificate-authority: own.crt');
const withClient = withUser('client-certificate: client.crt, client-key: client.key');

/** Files that a kubeconfig names, as editors and shells of Windows write them. */
export const WINDOWS_CASES: readonly KubeconfigCase[] = [
  { title: 'a byte order mark and carriage returns', files: BOM + crlf(GOOD) },
  {
    title: 'UTF-16 with carriage returns, as PowerShell writes it',
    files: { config: Buffer.from(BOM + crlf(GOOD), 'utf16le') },
  },
  { title: 'an empty file with a byte order mark', files: BOM },
  { title: 'a token file with CR LF', files: { config: crlf(withUser('tokenFile: token')), token: 'from-file\r\n' } },
  {
    title: 'a token file with a byte order mark',
    files: { config: withUser('tokenFile: token'), token: `${BOM}t\r\n` },
  },
  { title: 'a CA file with CR LF', files: { config: crlf(withCA), 'own.crt': 'CA_CRLF' } },
  {
    title: 'a CA file with a byte order mark',
    files: { config: withCA, 'own.crt': `${BOM}CA_CRLF` },
    differs: 'accepted',
  },
  { title: 'a CA file in UTF-16', files: { config: withCA, 'own.crt': Buffer.from(`${BOM}CA_CRLF`, 'utf16le') } },
  {
    title: 'a client certificate with CR LF',
    files: { config: withClient, 'client.crt': 'CLIENT_CERTIFICATE_CRLF', 'client.key': 'CLIENT_KEY_CRLF' },
  },
  {
    title: 'a client certificate with a byte order mark',
    files: { config: withClient, 'client.crt': `${BOM}CLIENT_CERTIFICATE_CRLF`, 'client.key': `${BOM}CLIENT_KEY_CRLF` },
    differs: 'accepted',
  },
];
