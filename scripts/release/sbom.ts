import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';
import { PackageURL } from 'packageurl-js';
import packageJSON from '../../package.json' with { type: 'json' };
import type { BundledPackage } from '../build/packages.ts';
import { TARGETS, platformOf } from './targets.ts';

/**
 * CycloneDX 1.6 in JSON (cyclonedx.org/docs/1.6/json): the packages that are in the program, and each Node.js with the
 * platforms that have it. `time` is the release's, so that the same sources give the same bytes.
 */
export function billOfMaterials(packages: readonly BundledPackage[], time: Date): string {
  const { name, version, license } = packageJSON;
  const program = component({ name, version, license, type: Enums.ComponentType.Application });
  const bom = new Models.Bom();
  bom.metadata.component = program;
  bom.metadata.timestamp = time;
  const parts = [...packages.map((one) => component({ ...one, type: Enums.ComponentType.Library })), ...runtimes()];
  for (const part of parts) {
    bom.components.add(part);
    program.dependencies.add(part.bomRef);
  }
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

interface Part {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly type: Enums.ComponentType;
}

function component({ name, version, license, type }: Part): Models.Component {
  const [group, local = ''] = name.startsWith('@') ? name.split('/', 2) : [undefined, name];
  const purl = new PackageURL('npm', group ?? null, local, version, null, null).toString();
  const made = new Models.Component(type, local, {
    version,
    purl,
    bomRef: purl,
    ...(group !== undefined && { group }),
  });
  made.licenses.add(new Models.SpdxLicense(license));
  return made;
}

function runtimes(): readonly Models.Component[] {
  return [...new Set(TARGETS.map(({ node }) => node.version))].map((version) => {
    const purl = new PackageURL('generic', null, 'node', version, null, null).toString();
    const targets = TARGETS.filter(({ node }) => node.version === version);
    const made = new Models.Component(Enums.ComponentType.Platform, 'node', { version, purl, bomRef: purl });
    made.licenses.add(new Models.SpdxLicense('MIT'));
    for (const one of targets) {
      made.properties.add(new Models.Property(`kubectl-trace:sha256:${platformOf(one)}`, one.node.sha256));
    }
    return made;
  });
}
