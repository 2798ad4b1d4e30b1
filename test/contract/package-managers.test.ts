import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import packageJSON from '../../package.json' with { type: 'json' };
import { homebrewFormula, scoopManifest } from '../../scripts/release/package-managers.ts';
import { archiveOf, TARGETS } from '../../scripts/release/targets.ts';

const { version } = packageJSON;
const sha256 = new Map(TARGETS.map((target, index) => [archiveOf(target, version), String(index).repeat(64)]));
const downloads = `https://example.org/kubectl-trace/releases/download/v${version}`;
const released = { version, homepage: 'https://example.org/kubectl-trace', downloads, sha256 };

const withoutRuby = spawnSync('ruby', ['--version']).status === 0 ? false : 'needs ruby';

/** The part of Homebrew that a formula calls when it is read, for one platform. */
const HOMEBREW = `
require "json"
class Formula
  @@facts = {}
  %i[desc homepage version license url sha256].each do |name|
    define_singleton_method(name) { |value| @@facts[name] = value }
  end
  %i[macos linux intel arm].each do |name|
    define_singleton_method("on_#{name}") { |&block| block.call if ARGV.include?(name.to_s) }
  end
  def self.test; end
end
load ARGV.shift
puts JSON.generate(Formula.class_variable_get(:@@facts))
`;

suite('the formula for Homebrew', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-homebrew-'));
    writeFileSync(join(folder, 'kubectl-trace.rb'), homebrewFormula(released));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const target of TARGETS.filter(({ os }) => os !== 'windows')) {
    const words = [target.os === 'darwin' ? 'macos' : 'linux', target.arch === 'arm64' ? 'arm' : 'intel'];
    test(`leads to the archive for ${words.join(' on ')}`, { skip: withoutRuby }, async () => {
      const args = ['-e', HOMEBREW, join(folder, 'kubectl-trace.rb'), ...words];
      const { stdout } = await promisify(execFile)('ruby', args);
      const facts = JSON.parse(stdout) as Readonly<Record<string, string>>;
      const archive = archiveOf(target, version);
      assert.equal(facts['url'], `${downloads}/${archive}`);
      assert.equal(facts['sha256'], sha256.get(archive));
      assert.deepEqual([facts['version'], facts['license']], [version, packageJSON.license]);
    });
  }

  test('has the sum of each archive once', () => {
    const formula = homebrewFormula(released);
    for (const target of TARGETS.filter(({ os }) => os !== 'windows')) {
      const archive = archiveOf(target, version);
      assert.equal(formula.split(`url "${downloads}/${archive}"\n      sha256 "${sha256.get(archive)}"\n`).length, 2);
    }
    assert.throws(() => homebrewFormula({ ...released, sha256: new Map() }), /no SHA-256 of kubectl-trace_v/);
  });
});

test('the manifest for Scoop leads to the archive for Windows, and to the next one', () => {
  const manifest = JSON.parse(scoopManifest(released)) as {
    readonly architecture: Readonly<Record<string, object>>;
    readonly autoupdate: { readonly architecture: Readonly<Record<string, { readonly url: string }>> };
  };
  const target = TARGETS.find(({ os }) => os === 'windows')!;
  const url = `${downloads}/${archiveOf(target, version)}`;
  assert.deepEqual(manifest.architecture, { '64bit': { url, hash: sha256.get(archiveOf(target, version)) } });
  assert.equal(manifest.autoupdate.architecture['64bit']?.url.replaceAll('$version', version), url);
});
