import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { suite, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { findData } from '../../../src/page/data-element.ts';
import { writePage } from '../../../src/page/write.ts';

const HOSTILE = '</script><script>alert(1)</script><!-- \u202e \u0000 "';
const html = await writePage({ kind: 'RequestTrace', name: HOSTILE });

const between = (start: string, end: string): string => html.split(start)[1]?.split(end)[0] ?? '';

suite('the page', () => {
  test('is at most 250 KB without its data, of ASCII alone', () => {
    const found = findData(Buffer.from(html));
    assert.ok(found?.end);
    const size = Buffer.byteLength(html) - (found.end - found.start);
    assert.ok(size <= 250_000, `${size} bytes`);
    // Not `match`, which would print all of it.
    assert.equal(html.search(/[^\t\n -~]/), -1);
  });

  test('holds the document as it is, and nothing of it as HTML', () => {
    const found = findData(Buffer.from(html));
    const data = Buffer.from(html.slice(found?.start, found?.end), 'base64');
    assert.deepEqual(JSON.parse(gunzipSync(data).toString()), { kind: 'RequestTrace', name: HOSTILE });
    assert.equal(html.search(/alert/), -1);
  });

  test('allows its own script and style alone, by their hashes', () => {
    const policy = between('Content-Security-Policy" content="', '"');
    const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const [, script = ''] = /<\/script>\n<script>([^]*)<\/script>\n<\/body>/.exec(html) ?? [];
    assert.match(policy, /^default-src 'none'; /);
    assert.ok(policy.includes(`script-src ${hashOf(script)};`), policy);
    assert.ok(policy.includes(`style-src ${hashOf(between('<style>', '</style>'))};`), policy);
    assert.doesNotMatch(policy, /unsafe|\*|https?:/);
  });

  test('names nothing that a browser would load', () => {
    assert.equal(html.search(/<(?:link|img|iframe|object|embed|base|form)\b|\bsrc=["']|url\(|@import/i), -1);
  });

  test('begins with its data element, and another page has none', () => {
    assert.equal(findData(Buffer.from('<!doctype html><title>Jaeger</title>')), undefined);
    assert.equal(findData(Buffer.from('{"kind":"RequestTrace"}')), undefined);
    assert.equal(findData(Buffer.from(html.slice(0, findData(Buffer.from(html))!.start + 10)))?.end, undefined);
  });
});
