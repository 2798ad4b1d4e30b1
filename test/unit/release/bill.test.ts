import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { billOfMaterials } from '../../../scripts/release/sbom.ts';

const packages = [
  { name: '@grpc/grpc-js', version: '1.14.7', license: 'Apache-2.0', text: 'Apache' },
  { name: 'ws', version: '8.23.0', license: 'MIT', text: 'MIT' },
];
const time = new Date('2026-11-30T00:00:00Z');

/** The standard's own schema, and the two that it refers to. */
function schemas(): readonly object[] {
  const require = createRequire(import.meta.url);
  const library = dirname(require.resolve('@cyclonedx/cyclonedx-library/package.json'));
  const names = ['spdx', 'jsf-0.82', 'bom-1.6'];
  return names.map(
    (name) => JSON.parse(readFileSync(join(library, `res/schema/${name}.SNAPSHOT.schema.json`), 'utf8')) as object,
  );
}

test('the bill of materials is CycloneDX 1.6', () => {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const [spdx = {}, signature = {}, bom = {}] = schemas();
  const isValid = ajv
    .addSchema(spdx, 'http://cyclonedx.org/schema/spdx.SNAPSHOT.schema.json')
    .addSchema(signature, 'http://cyclonedx.org/schema/jsf-0.82.SNAPSHOT.schema.json')
    .compile(bom);
  assert.ok(isValid(JSON.parse(billOfMaterials(packages, time))), ajv.errorsText(isValid.errors));
  assert.equal(
    isValid({ ...JSON.parse(billOfMaterials(packages, time)), components: [{ name: 'nothing else' }] }),
    false,
  );
});

test('the bill of materials names each package and Node.js, and the program depends on all of them', () => {
  const bill = JSON.parse(billOfMaterials(packages, time)) as {
    readonly components: readonly { readonly purl: string }[];
    readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
  };
  const purls = bill.components.map(({ purl }) => purl);
  assert.deepEqual(
    purls.filter((purl) => purl.startsWith('pkg:npm')),
    ['pkg:npm/%40grpc/grpc-js@1.14.7', 'pkg:npm/ws@8.23.0'],
  );
  assert.deepEqual(
    purls.filter((purl) => purl.startsWith('pkg:generic/node')),
    ['pkg:generic/node@24.22.3', 'pkg:generic/node@26.10.0'],
  );
  const program = bill.dependencies.find(({ ref }) => ref.startsWith('pkg:npm/kubectl-trace'));
  assert.deepEqual(new Set(program?.dependsOn), new Set(purls));
});

test('the bill of materials is the same for the same sources', () => {
  assert.equal(billOfMaterials(packages, time), billOfMaterials(packages.toReversed(), time));
});
