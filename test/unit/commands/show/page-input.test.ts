import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { writePage } from '../../../../src/page/write.ts';
import type { JSONObject } from '../../../../src/report/json-value.ts';
import { run } from '../../../../src/run.ts';
import { testRuntime } from '../../kube/fixture.ts';

const original = readFileSync(
  new URL('../../../fixtures/screens/create-without-tracing.json', import.meta.url),
  'utf8',
);
const html = await writePage(JSON.parse(original) as JSONObject);

let home = '';
before(() => void (home = mkdtempSync(join(tmpdir(), 'kubectl-trace-page-'))));
after(() => rmSync(home, { recursive: true, force: true }));

async function show(content: string | Buffer, ...flags: string[]): Promise<{ code: number; out: string; err: string }> {
  writeFileSync(join(home, 'report.html'), content);
  let [out, err] = ['', ''];
  const runtime = testRuntime({
    home,
    cwd: home,
    env: {},
    fetch: async () => assert.fail('nothing is to be fetched'),
    out: { write: (text) => void (out += text) },
    err: { write: (text) => void (err += text) },
  });
  const code = await run(['show', 'report.html', '--no-history', ...flags], runtime, '0.1.0');
  return { code, out, err };
}

suite('show of a page', () => {
  test('prints the document as it was, byte for byte', async () => {
    const { code, out } = await show(html, '-o', 'json');
    assert.equal(out === original, true);
    assert.equal(code, 0);
  });

  test('reads one that was compressed, or that PowerShell redirected as UTF-16', async () => {
    for (const content of [gzipSync(html), Buffer.from(`\ufeff${html}`, 'utf16le')]) {
      const { out } = await show(content, '-o', 'json');
      assert.equal(out === original, true);
    }
  });

  test('writes a page again with the same data', async () => {
    const { out } = await show(html, '-o', 'html');
    assert.equal(out === html, true);
  });

  test('writes pseudonyms alone with --redact', async () => {
    const { out } = await show(html, '-o', 'html', '--redact');
    const { out: redacted } = await show(out, '-o', 'json');
    assert.ok(original.includes('inject.example.com'));
    assert.equal(redacted.search(/inject\.example\.com/), -1);
    assert.notEqual(JSON.parse(redacted), null);
  });

  test('says where a truncated one ends', async () => {
    const start = html.indexOf('id="document">') + 'id="document">'.length;
    for (const length of [start, start + 200, html.indexOf('</script>', start)]) {
      const { code, err } = await show(html.slice(0, length));
      assert.equal(code, 2);
      assert.match(
        err,
        /^error: report\.html is a page of kubectl trace and ends within its data\nhint: it may be truncated/,
      );
    }
  });

  test('says that a page with other data is damaged', async () => {
    const start = html.indexOf('id="document">') + 'id="document">'.length;
    const { code, err } = await show(`${html.slice(0, start + 50)}AAAA${html.slice(start + 54)}`);
    assert.equal(code, 2);
    assert.match(err, /is compressed with gzip and damaged/);
  });
});
