import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, test } from 'node:test';
import { load } from 'js-yaml';
import packageJSON from '../../package.json' with { type: 'json' };
import { fillManifest } from '../../scripts/release/krew.ts';
import { archiveOf, programOf, TARGETS } from '../../scripts/release/targets.ts';

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
      readonly bin: string;
    }[];
  };
}

const sha256 = new Map(
  TARGETS.map((target, index) => [archiveOf(target, packageJSON.version), String(index).repeat(64)]),
);
const released = {
  version: packageJSON.version,
  homepage: 'https://example.org/kubectl-trace',
  downloads: 'https://example.org/kubectl-trace/releases',
  sha256,
};

let text: string;
let manifest: Manifest;
before(async () => {
  const template = await readFile(new URL('../../krew-manifest.yaml', import.meta.url), 'utf8');
  text = fillManifest(template, released);
  manifest = load(text) as Manifest;
});

test('krew manifest: a release fills all places, and needs the sum of every archive', async () => {
  assert.doesNotMatch(text, /[{}]/);
  const template = await readFile(new URL('../../krew-manifest.yaml', import.meta.url), 'utf8');
  assert.throws(() => fillManifest(`${template}{{ ELSE }}`, released), /\{\{ ELSE \}\} is not known/);
  assert.throws(() => fillManifest(template, { ...released, sha256: new Map() }), /no SHA-256 of kubectl-trace_v/);
});

/** krew ignores a key that it does not know, so that a mistyped one would have no effect. */
test('krew manifest: it has the keys that krew knows, and no others', () => {
  const keys = (value: object): string[] => Object.keys(value).sort();
  assert.deepEqual(keys(manifest), ['apiVersion', 'kind', 'metadata', 'spec']);
  assert.deepEqual(keys(manifest.metadata), ['name']);
  const texts = ['caveats', 'description', 'homepage', 'platforms', 'shortDescription', 'version'];
  assert.deepEqual(keys(manifest.spec), texts);
  for (const platform of manifest.spec.platforms) {
    assert.deepEqual(keys(platform), ['bin', 'selector', 'sha256', 'uri']);
    assert.deepEqual([keys(platform.selector), keys(platform.selector.matchLabels)], [['matchLabels'], ['arch', 'os']]);
  }
});

test("krew manifest: it has krew's kind, and an unused name", () => {
  assert.equal(manifest.apiVersion, 'krew.googlecontainertools.github.com/v1alpha2');
  assert.equal(manifest.kind, 'Plugin');
  assert.equal(manifest.metadata.name, 'api-trace');
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

test('krew manifest: every platform that has an executable is listed once, with its own archive and sum', () => {
  const { platforms } = manifest.spec;
  const listed = platforms.map(({ selector: { matchLabels }, uri, sha256: sum, bin }) => ({
    ...matchLabels,
    uri,
    sum,
    bin,
  }));
  const expected = TARGETS.map((target) => {
    const archive = archiveOf(target, packageJSON.version);
    const uri = `https://example.org/kubectl-trace/releases/${archive}`;
    return { os: target.os, arch: target.arch, uri, sum: sha256.get(archive), bin: programOf(target) };
  });
  assert.deepEqual(listed, expected);
});
