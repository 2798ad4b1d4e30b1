import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, suite, test } from 'node:test';
import { notesOfReady } from '../../scripts/release/ready.ts';

suite('a release', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-ready-'));
    git('init', '--quiet');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(() => {
    git('clean', '--quiet', '-d', '--force');
    commit({ check: 'node -e ""', changelog: '# Changes\n\n## 1.2.0\n\n- One.\n' });
  });

  function git(...args: readonly string[]): void {
    const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgsign=false'];
    execFileSync('git', [...identity, ...args], { cwd: folder, stdio: 'ignore' });
  }

  function commit({ check, changelog }: { readonly check: string; readonly changelog: string }): void {
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ scripts: { check } }));
    writeFileSync(join(folder, 'CHANGELOG.md'), changelog);
    git('add', '--all');
    git('commit', '--quiet', '--allow-empty', '--message', 'Change');
  }

  const notes = (tag?: string): Promise<string> => notesOfReady({ folder, version: '1.2.0', tag });

  test('of a clean tree has the notes of its version', async () => {
    assert.equal(await notes(), '- One.\n');
    assert.equal(await notes('v1.2.0'), '- One.\n');
  });

  test('of a tree with a changed file or a new one is refused', async () => {
    writeFileSync(join(folder, 'CHANGELOG.md'), '# Changes\n\n## 1.2.0\n\n- Two.\n');
    await assert.rejects(notes(), /the working tree has changes that no commit has:\n M CHANGELOG\.md$/);
    git('checkout', '--quiet', '.');
    writeFileSync(join(folder, 'new.txt'), '');
    await assert.rejects(notes(), /\n\?\? new\.txt$/);
  });

  test('with failing checks is refused', async () => {
    commit({ check: 'node -e "process.exit(1)"', changelog: '# Changes\n\n## 1.2.0\n\n- One.\n' });
    await assert.rejects(notes(), { message: 'npm run check failed' });
  });

  test('without notes, or with a tag of another version, is refused before its checks run', async () => {
    const check = `node -e "fs.writeFileSync('checked', '')"`;
    commit({ check, changelog: '# Changes\n\n## Unreleased\n\n- One.\n' });
    await assert.rejects(notes(), /CHANGELOG\.md has no section "## 1\.2\.0"/);
    await assert.rejects(notes('v1.3.0'), /the tag v1\.3\.0 is not that of version 1\.2\.0/);
    assert.ok(!existsSync(join(folder, 'checked')));
  });
});
