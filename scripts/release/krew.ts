import { archiveOf, platformOf, TARGETS } from './targets.ts';

/** The values of one release. */
export interface Released {
  readonly version: string;
  readonly homepage: string;
  /** The folder of the archives, without a slash at its end. */
  readonly downloads: string;
  /** By the archive's name, in hexadecimal digits. */
  readonly sha256: ReadonlyMap<string, string>;
}

/** Fills the places in double braces. Throws for one that is not known. */
export function fillManifest(template: string, { version, homepage, downloads, sha256 }: Released): string {
  const values = new Map<string, string>([
    ['VERSION', version],
    ['HOMEPAGE', homepage],
  ]);
  for (const target of TARGETS) {
    const [archive, platform] = [archiveOf(target, version), platformOf(target).toUpperCase()];
    const sum = sha256.get(archive);
    if (sum === undefined) throw new Error(`there is no SHA-256 of ${archive}`);
    values.set(`URI_${platform}`, `${downloads}/${archive}`).set(`SHA256_${platform}`, sum);
  }
  return template.replace(/\{\{ (\w+) \}\}/g, (place, name: string) => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`krew-manifest.yaml: ${place} is not known`);
    return value;
  });
}
