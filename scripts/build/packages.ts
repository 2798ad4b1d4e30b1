import { readdir, readFile } from 'node:fs/promises';

/** A package that is in the program. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression. */
  readonly license: string;
  /** Text of its licence, and of its NOTICE file if it has one. */
  readonly text: string;
}

/** Licences that allow a program to contain the package when its text comes along. */
const LICENSES = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'Python-2.0',
]);

/** The packages to which bundled sources belong, by name. Rejects when the licence of one is missing or not permitted. */
export async function packagesOf(sources: readonly string[]): Promise<readonly BundledPackage[]> {
  const folders = sources.flatMap((source) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(source)?.[0] ?? []);
  const packages = await Promise.all([...new Set(folders)].map(readPackage));
  return packages.toSorted((one, other) => (key(one) < key(other) ? -1 : 1));
}

const key = ({ name, version }: BundledPackage): string => `${name}@${version}`;

async function readPackage(folder: string): Promise<BundledPackage> {
  const json = JSON.parse(await readFile(`${folder}/package.json`, 'utf8')) as Omit<BundledPackage, 'text'>;
  const { name, version, license } = json;
  if (!LICENSES.has(license))
    throw new Error(`${folder}: the licence ${license} is not among those that are permitted`);
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
