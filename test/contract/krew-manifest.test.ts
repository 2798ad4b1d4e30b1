import assert from 'node:assert/strict';
import { access, readFile } from 'node:fs/promises';
import { before, test } from 'node:test';
import { load } from 'js-yaml';
import packageJSON from '../../package.json' with { type: 'json' };

/** As https://krew.sigs.k8s.io/docs/developer-guide/plugin-manifest/ describes it. */
interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly version: string;
    readonly homepage: string;
    readonly shortDescription: string;
    readonly description: string;
    readonly caveats: string;
    readonly platforms: readonly {
      readonly selector: { readonly matchLabels: { readonly os: string; readonly arch: string } };
      readonly uri: string;
      readonly sha256: string;
      readonly files: readonly { readonly from: string; readonly to: string }[];
      readonly bin: string;
    }[];
  };
}

const filled: Readonly<Record<string, string>> = {
  VERSION: packageJSON.version,
  HOMEPAGE: 'https://example.org/kubectl-trace',
  ARCHIVE_URL: 'https://example.org/kubectl-trace.tgz',
  ARCHIVE_SHA256: 'a'.repeat(64),
};

let template: string;
let manifest: Manifest;
before(async () => {
  template = await readFile(new URL('../../krew-manifest.yaml', import.meta.url), 'utf8');
  manifest = load(template.replace(/\{\{ (\w+) \}\}/g, (_, name: string) => filled[name] ?? '')) as Manifest;
});

test('krew manifest: the template has placeholders only for release values', () => {
  const open = new Set([...template.matchAll(/\{\{ (\w+) \}\}/g)].map(([, name]) => name));
  assert.deepEqual(open, new Set(Object.keys(filled)));
  assert.doesNotMatch(template.replace(/\{\{ \w+ \}\}/g, ''), /[{}]/);
});

test("krew manifest: it has krew's kind, and an unused name", () => {
  assert.equal(manifest.apiVersion, 'krew.googlecontainertools.github.com/v1alpha2');
  assert.equal(manifest.kind, 'Plugin');
  assert.equal(manifest.metadata.name, 'apitrace');
});

test('krew manifest: its texts fit the limits of the index', () => {
  const { version, homepage, shortDescription, description } = manifest.spec;
  assert.match(version, /^v\d+\.\d+\.\d+(-[\w.]+)?$/);
  assert.match(homepage, /^https:\/\//);
  assert.ok(shortDescription.length <= 50, shortDescription);
  assert.doesNotMatch(shortDescription, /\.$/);
  assert.deepEqual(
    description.split('\n').filter((line) => line.length > 80),
    [],
  );
});

test('krew manifest: every platform is listed once with archive and checksum, without Windows, which needs an .exe', () => {
  const { platforms } = manifest.spec;
  const names = platforms.map(({ selector: { matchLabels } }) => `${matchLabels.os}/${matchLabels.arch}`);
  assert.deepEqual(names, ['linux/amd64', 'linux/arm64', 'darwin/amd64', 'darwin/arm64']);
  for (const { uri, sha256 } of platforms) {
    assert.match(uri, /^https:\/\/.*\.tgz$/);
    assert.match(sha256, /^[0-9a-f]{64}$/);
  }
});

test('krew manifest: every installed file is in the package', async () => {
  for (const { bin, files } of manifest.spec.platforms) {
    // npm packs everything below package/.
    assert.deepEqual(files, [{ from: 'package/*', to: '.' }]);
    assert.equal(bin, packageJSON.bin['kubectl-trace']);
    assert.ok(packageJSON.files.includes(bin.split('/')[0] ?? ''));
    await access(new URL(`../../${bin}`, import.meta.url));
  }
  await access(new URL('../../LICENSE', import.meta.url));
});
