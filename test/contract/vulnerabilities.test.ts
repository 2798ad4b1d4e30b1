import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { serve } from '../support/http-server.ts';

const script = fileURLToPath(new URL('../../scripts/check-vulnerabilities.ts', import.meta.url));

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Advisories as a registry has them, by the package. The real npm queries it. */
async function checkWith(t: TestContext, status: number, advisories: object): Promise<Outcome> {
  const { url } = await serve(t, (request, response) => {
    const isQuery = request.method === 'POST' && request.url === '/-/npm/v1/security/advisories/bulk';
    request.resume();
    response.writeHead(isQuery ? status : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isQuery ? advisories : {}));
  });
  // npm would have the advisories of an earlier run in its cache.
  const cache = mkdtempSync(join(tmpdir(), 'kubectl-trace-npm-'));
  t.after(() => rmSync(cache, { recursive: true, force: true }));
  const env = { ...process.env, npm_config_registry: url, npm_config_fetch_retries: '0', npm_config_cache: cache };
  return new Promise((resolve) => {
    execFile(process.execPath, [script], { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

const advisory = (title: string, severity: string): readonly object[] => [
  {
    id: title.length,
    url: 'https://example.org/GHSA-1',
    title,
    severity,
    vulnerable_versions: '*',
    cwe: [],
    cvss: { score: 0 },
  },
];

suite('known vulnerabilities', () => {
  test('of a package in the program are refused, and those of a tool are printed', async (t) => {
    const found = await checkWith(t, 200, {
      ws: advisory('ws stalls', 'low'),
      typescript: advisory('tsc stalls', 'high'),
    });
    assert.equal(found.code, 1, found.stderr);
    assert.match(
      found.stdout,
      /^1 known vulnerabilities in the \d+ packages of the program\n {2}ws \(low\): ws stalls, https:\/\/example\.org\/GHSA-1\n1 in tools for development\n {2}typescript \(high\): tsc stalls, .*\n$/,
    );
  });

  test('of a tool alone are no reason to refuse a release', async (t) => {
    const { code, stdout } = await checkWith(t, 200, { typescript: advisory('tsc stalls', 'critical') });
    assert.equal(code, 0);
    assert.match(stdout, /^0 known vulnerabilities in the \d\d packages of the program\n1 in tools/);
  });

  test('without a response of the registry there is no report, which is not a good one', async (t) => {
    const { code, stderr } = await checkWith(t, 405, {});
    assert.equal(code, 2);
    assert.match(stderr, /^error: npm audit made no report: 405 Method Not Allowed/);
  });
});
