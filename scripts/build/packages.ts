import { readdir, readFile } from 'node:fs/promises';
import { isPermitted } from '../dependencies/licences.ts';

/** A package that is in the program. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression. */
  readonly license: string;
  /** Text of its licence, and of its NOTICE file if it has one. */
  readonly text: string;
}

/** The packages to which bundled sources belong, by name. Rejects when the licence of one is missing or not permitted. */
export async function packagesOf(sources: readonly string[]): Promise<readonly BundledPackage[]> {
  const packages = await Promise.all(foldersOf(sources).map(readPackage));
  return packages.toSorted((one, other) => (key(one) < key(other) ? -1 : 1));
}

/** The folders of packages to which sources belong, each once: `node_modules/ws`. */
export const foldersOf = (sources: readonly string[]): readonly string[] => [
  ...new Set(sources.flatMap((source) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(source)?.[0] ?? [])),
];

const key = ({ name, version }: BundledPackage): string => `${name}@${version}`;

async function readPackage(folder: string): Promise<BundledPackage> {
  const json = JSON.parse(await readFile(`${folder}/package.json`, 'utf8')) as Omit<BundledPackage, 'text'>;
  const { name, version, license } = json;
  if (!isPermitted(license)) throw new Error(`${folder}: the licence ${license} is not among those that are permitted`);
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|copying|notice)\b/i.test(file)).sort();
  if (files.length === 0) throw new Error(`${folder}: there is no file with its licence`);
  const texts = await Promise.all(files.map((file) => readFile(`${folder}/${file}`, 'utf8')));
  return { name, version, license, text: texts.map((text) => text.trim()).join('\n\n') };
}

/** The text that has to come along with the program: names, versions and licences. */
export function notices(packages: readonly BundledPackage[]): string {
  const line = '-'.repeat(80);
  const parts = packages.map(
    ({ name, version, license, text }) => `${line}\n${name} ${version} (${license})\n${line}\n\n${text}\n`,
  );
  return ['kubectl trace contains these packages.\n', ...parts].join('\n');
}
