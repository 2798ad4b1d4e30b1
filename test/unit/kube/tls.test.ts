import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock, test, type TestContext } from 'node:test';
import type { ConnectionFlags } from '../../../src/connection.ts';
import { openCluster } from '../../../src/kube/cluster.ts';
import { get } from '../../../src/kube/api/request.ts';
import { requestFailure } from '../../../src/kube/api/request-failure.ts';
import { executables } from '../../lab/cluster/build.ts';
import { createAuthority, type Authority, type Credentials } from '../../lab/cluster/certificate.ts';
import { send, testRuntime } from './fixture.ts';
import { runKubectl } from '../../contract/kubectl.ts';

/** What a TLS server shows, and how it is called. */
interface Situation {
  readonly what: string;
  readonly reason: string;
  readonly hint: RegExp;
  make(): { readonly trusted: Authority; readonly shown: Credentials; readonly flags?: ConnectionFlags };
}

const names = ['localhost', '127.0.0.1'];

function issue(authority: Authority, sans: readonly string[], ageYears = 0): Credentials {
  if (ageYears === 0) return authority.issueServer(sans);
  mock.timers.enable({ apis: ['Date'], now: Date.now() - ageYears * 366 * 24 * 3_600_000 });
  try {
    return authority.issueServer(sans);
  } finally {
    mock.timers.reset();
  }
}

const situations: readonly Situation[] = [
  {
    what: 'a certificate of another authority',
    reason: 'UnknownAuthority',
    hint: /--certificate-authority/,
    make: () => ({ trusted: createAuthority('mine'), shown: issue(createAuthority('theirs'), names) }),
  },
  {
    what: 'a certificate of an earlier authority with the same name',
    reason: 'UnknownAuthority',
    hint: /earlier cluster/,
    make: () => ({ trusted: createAuthority('kubernetes'), shown: issue(createAuthority('kubernetes'), names) }),
  },
  {
    what: 'a certificate for other addresses',
    reason: 'CertificateNameMismatch',
    hint: /--tls-server-name/,
    make: () => {
      const trusted = createAuthority('kubernetes');
      return { trusted, shown: issue(trusted, ['kubernetes', '10.96.0.1', '10.0.0.7']) };
    },
  },
  {
    what: 'a certificate without addresses',
    reason: 'CertificateNameMismatch',
    hint: /--tls-server-name/,
    make: () => {
      const trusted = createAuthority('kubernetes');
      return { trusted, shown: issue(trusted, ['kubernetes']) };
    },
  },
  {
    what: 'a certificate for another name',
    reason: 'CertificateNameMismatch',
    hint: /--tls-server-name/,
    make: () => {
      const trusted = createAuthority('kubernetes');
      return { trusted, shown: issue(trusted, names), flags: { tlsServerName: 'kubernetes.example' } };
    },
  },
  {
    what: 'a certificate without names, asked by name',
    reason: 'CertificateNameMismatch',
    hint: /--tls-server-name/,
    make: () => {
      const trusted = createAuthority('kubernetes');
      return { trusted, shown: issue(trusted, ['127.0.0.1']), flags: { tlsServerName: 'kubernetes' } };
    },
  },
  {
    what: 'an unknown certificate for another name: the name is told',
    reason: 'CertificateNameMismatch',
    hint: /--tls-server-name/,
    make: () => ({ trusted: createAuthority('mine'), shown: issue(createAuthority('theirs'), ['other', '10.0.0.1']) }),
  },
  {
    what: 'an expired certificate',
    reason: 'CertificateExpired',
    hint: /renew/,
    make: () => {
      const trusted = createAuthority('kubernetes');
      return { trusted, shown: issue(trusted, names, 2) };
    },
  },
  {
    what: 'an expired certificate for another name: the date is told',
    reason: 'CertificateExpired',
    hint: /renew/,
    make: () => {
      const trusted = createAuthority('kubernetes');
      return { trusted, shown: issue(trusted, ['other'], 2) };
    },
  },
];

for (const { what, reason, hint, make } of situations) {
  test(`${what} is refused as kubectl refuses it`, async (context) => {
    const { trusted, shown, flags = {} } = make();
    const { url, ca } = await serve(context, shown, trusted.certificate);
    const all = { server: url, certificateAuthority: ca, ...flags };
    const failure = await failureOf(all);
    assert.equal(failure?.reason, reason);
    assert.match(failure.hint ?? '', hint);
    const expected = await kubectlSays(all);
    // The two looked at their clocks at different times.
    const timeless = (line: string): string => line.replace(/current time \S+/, 'current time T');
    assert.equal(timeless(failure.line), timeless(expected));
  });
}

test('an expired certificate is accepted with --insecure-skip-tls-verify, whatever the CA', async (context) => {
  const { url } = await serve(context, issue(createAuthority('theirs'), ['other'], 2), '');
  assert.equal(await failureOf({ server: url, insecureSkipTLSVerify: true }), undefined);
});

test('a server name of the certificate is accepted', async (context) => {
  const trusted = createAuthority('kubernetes');
  const { url, ca } = await serve(context, issue(trusted, ['api.example']), trusted.certificate);
  const flags = { server: url, certificateAuthority: ca, tlsServerName: 'api.example' };
  assert.equal(await failureOf(flags), undefined);
});

test('a CA file without a certificate is a usage error', async (context) => {
  const { url, ca } = await serve(context, issue(createAuthority('x'), names), 'not a certificate');
  await assert.rejects(failureOf({ server: url, certificateAuthority: ca }), {
    reason: 'InvalidKubeconfig',
    exitCode: 2,
  });
});

async function failureOf(flags: ConnectionFlags): Promise<ReturnType<typeof requestFailure>> {
  const cluster = await openCluster({ kubeconfig: '/dev/null', ...flags }, testRuntime(), '0.1.0');
  try {
    return requestFailure(await send(cluster, get('request', '/readyz', '*/*')));
  } finally {
    cluster.close();
  }
}

async function kubectlSays({ server, certificateAuthority, tlsServerName }: ConnectionFlags): Promise<string> {
  const { kubectl } = await executables();
  // Without a user kubectl would ask for one.
  const args = ['--token=x', `--server=${server}`, `--certificate-authority=${certificateAuthority}`, 'get', 'nodes'];
  if (tlsServerName !== undefined) args.unshift(`--tls-server-name=${tlsServerName}`);
  return (await runKubectl(kubectl, args)).stderr;
}

/** A TLS server that answers every request by `ok`, and a file with `ca`. */
async function serve(context: TestContext, shown: Credentials, ca: string): Promise<{ url: string; ca: string }> {
  const server: Server = createServer({ cert: shown.certificate, key: shown.key }, (_, response) => response.end('ok'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const folder = await mkdtemp(join(tmpdir(), 'kubectl-trace-tls-'));
  context.after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  });
  await writeFile(join(folder, 'ca.crt'), ca);
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, ca: join(folder, 'ca.crt') };
}
