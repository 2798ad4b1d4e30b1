import assert from 'node:assert/strict';
import { cpSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { unlessNamespaces } from '../support/namespaces.ts';
import { StockRoot } from '../support/stock-root.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const skip = process.platform === 'linux' ? await unlessNamespaces() : 'the libraries are those of Linux distributions';

test('the launcher needs no shared library that stock Debian and Ubuntu lack', { skip }, async () => {
  const root = await StockRoot.make();
  try {
    for (const part of ['bin', 'dist', 'package.json']) {
      cpSync(join(repository, part), join(root.path, 'kubectl-trace', part), { recursive: true });
    }
    const node = realpathSync(join(repository, 'node_modules', `node-linux-${process.arch}`));
    cpSync(node, join(root.path, 'kubectl-trace/node_modules', `node-linux-${process.arch}`), { recursive: true });
    const stderr = await root.failure(['/kubectl-trace/bin/kubectl-trace', 'get', 'nodes', '--kubeconfig=/none']);
    // It has started, has looked for a kubeconfig, and says so itself.
    assert.match(stderr, /^error: .*\/none/);
  } finally {
    root.remove();
  }
});
