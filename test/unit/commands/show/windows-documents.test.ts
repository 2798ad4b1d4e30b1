import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { run } from '../../../../src/run.ts';
import { testRuntime } from '../../kube/fixture.ts';

/** A document that was saved on Windows, or went through an editor there. */
suite('show of a saved document', () => {
  let home: string;
  before(() => void (home = mkdtempSync(join(tmpdir(), 'kubectl-trace-windows-'))));
  after(() => rmSync(home, { recursive: true, force: true }));

  async function printed(...args: string[]): Promise<string> {
    let stdout = '';
    const runtime = testRuntime({ home, cwd: home, out: { write: (text) => void (stdout += text) } });
    await run(args, runtime, '0.1.0');
    return stdout;
  }

  for (const format of ['json', 'yaml']) {
    test(`${format} with CR LF, a byte order mark, and in UTF-16`, async () => {
      // Nothing listens there: the document has a request without a response.
      const document = await printed('get', 'nodes', '-s', 'http://127.0.0.1:1', '--no-history', '-o', format);
      assert.match(document, /kind"?: "?RequestTrace/);
      const windows = document.replaceAll('\n', '\r\n');
      const files = {
        plain: document,
        'cr-lf': windows,
        mark: `\ufeff${windows}`,
        'utf-16': Buffer.from(`\ufeff${windows}`, 'utf16le'),
      };
      const screens = [];
      for (const [name, content] of Object.entries(files)) {
        writeFileSync(join(home, name), content);
        screens.push(await printed('show', name));
      }
      assert.match(screens[0] ?? '', /^GET \/api  no response  /m);
      assert.deepEqual([...new Set(screens)], screens.slice(0, 1));
    });
  }
});
