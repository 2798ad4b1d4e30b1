/** Licences (spdx.org/licenses) that allow a program to contain the package when its text comes along. */
const PERMITTED: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'PSF-2.0',
  'Python-2.0',
  'Unlicense',
]);

/**
 * Packages that the tests alone use, and why their licence allows that. The build refuses them in the program, whose packages
 * need one of the licences above.
 */
const FOR_TESTS: Readonly<Record<string, string>> = {
  // A copyleft for its own files, which are neither changed nor distributed: the tests load it into a browser.
  'axe-core': 'MPL-2.0',
};

/** Whether a package may be used under an SPDX expression: one side of each `OR`, both of each `AND`. */
export function isPermitted(expression: string): boolean {
  const withoutParentheses = expression.replace(/^\((.*)\)$/, '$1');
  return withoutParentheses.split(' OR ').some((choice) => choice.split(' AND ').every((id) => PERMITTED.has(id)));
}

/** The part of package-lock.json that is read here. */
export interface LockFile {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly license?: string }>>;
}

/** Packages whose licence is missing or not permitted, each in a line. The first entry of a lock file is this project. */
export function refusedLicences({ packages }: LockFile): readonly string[] {
  return Object.entries(packages).flatMap(([path, { version = '', license }]) => {
    if (path === '' || (license !== undefined && isPermitted(license))) return [];
    const name = path.replace(/^.*node_modules\//, '');
    if (license !== undefined && FOR_TESTS[name] === license) return [];
    return [`${name} ${version}: ${license === undefined ? 'no licence is declared' : `${license} is not permitted`}`];
  });
}
