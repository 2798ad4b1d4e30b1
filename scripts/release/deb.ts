import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { chmod, copyFile, mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { fileFor, packagedTextFor } from '../../src/commands/completion/shim.ts';
import { MAN_FOLDER } from '../docs/man-pages.ts';
import type { Target } from './targets.ts';

/** The facts that a package has about itself. */
export interface PackageFacts {
  readonly target: Target;
  readonly version: string;
  readonly homepage: string;
  /** `NAME <ADDRESS>` */
  readonly maintainer: string;
  /** The release's, for all files. */
  readonly time: Date;
}

const NAME = 'kubectl-trace';

/** A version before a release sorts before it: `1.0.0~rc.1` (deb-version(7)). */
const versionOf = (version: string): string => version.replace('-', '~');

export const debOf = ({ arch }: Target, version: string): string => `${NAME}_${versionOf(version)}_${arch}.deb`;

/**
 * Writes a package for Debian and Ubuntu of an archive's files in `folder`, with the program that kubectl runs to complete.
 * The same files and time give the same bytes. `root` is an empty folder for its layout. Needs dpkg-deb.
 */
export async function writeDeb(output: string, folder: string, root: string, facts: PackageFacts): Promise<void> {
  const files = await contentsOf(folder, facts);
  for (const [path, { content, mode }] of files) await put(join(root, path), content, mode);
  await put(join(root, 'usr/bin', NAME), undefined, 0o755, join(folder, NAME));
  const sums = new Map([...files].map(([path, { content }]) => [path, hash('md5', content)]));
  sums.set(`usr/bin/${NAME}`, hash('md5', await readFile(join(folder, NAME))));
  const sorted = [...sums].sort(([one], [two]) => (one < two ? -1 : 1));
  await put(join(root, 'DEBIAN/md5sums'), sorted.map(([path, sum]) => `${sum}  ${path}\n`).join(''), 0o644);
  const size = (await readFile(join(folder, NAME))).length;
  await put(join(root, 'DEBIAN/control'), control(facts, Math.ceil(size / 1024)), 0o644);
  for (const name of ['', ...(await readdir(root, { recursive: true }))])
    await utimes(join(root, name), facts.time, facts.time);
  // gzip, which each dpkg unpacks, and which does not depend on the number of cores.
  const args = ['--root-owner-group', '-Zgzip', '-z9', '--build', root, output];
  const seconds = String(facts.time.getTime() / 1000);
  await promisify(execFile)('dpkg-deb', args, { env: { ...process.env, SOURCE_DATE_EPOCH: seconds } });
}

interface Content {
  readonly content: string | Buffer;
  readonly mode: number;
}

/** All but the program itself, by their paths in the package. */
async function contentsOf(folder: string, facts: PackageFacts): Promise<Map<string, Content>> {
  const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');
  const documents = `usr/share/doc/${NAME}`;
  const packed = (text: string | Buffer): Content => ({ content: gzipSync(text, { level: 9 }), mode: 0o644 });
  const copyright = `${facts.homepage}\n\n${await read('LICENSE')}\n\n${await read('THIRD-PARTY-NOTICES')}`;
  const files = new Map<string, Content>([
    [`usr/bin/${fileFor(NAME)}`, { content: packagedTextFor(NAME), mode: 0o755 }],
    [`${documents}/copyright`, { content: copyright, mode: 0o644 }],
    [`${documents}/changelog.gz`, packed(changelog(facts))],
  ]);
  for (const page of await readdir(join(folder, MAN_FOLDER))) {
    files.set(`usr/share/man/man1/${page}.gz`, packed(await readFile(join(folder, MAN_FOLDER, page))));
  }
  return files;
}

async function put(path: string, content: string | Buffer | undefined, mode: number, from = ''): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  if (content === undefined) await copyFile(from, path);
  else await writeFile(path, content);
  await chmod(path, mode);
}

/**
 * The libraries are those of docs/adr/0022: Node.js is built for glibc 2.28. kubectl is only suggested: most users have it from
 * elsewhere, and for a recommendation apt would install Debian's `kubernetes-client`, which is 1.20 in Debian 12. `kubectl` is the
 * package of the Kubernetes project.
 */
const control = ({ target, version, homepage, maintainer }: PackageFacts, size: number): string =>
  `Package: ${NAME}
Version: ${versionOf(version)}
Architecture: ${target.arch}
Maintainer: ${maintainer}
Installed-Size: ${size}
Depends: libc6 (>= 2.28), libgcc-s1 | libgcc1, libstdc++6 (>= 8)
Suggests: kubectl | kubernetes-client
Section: admin
Priority: optional
Homepage: ${homepage}
Description: kubectl plugin that shows where the time of a request went
 It sends a request to a Kubernetes API server with a trace context, finds its
 trace, and draws it down to etcd, with what was slow and what to do next. It
 explains pods that do not start, and traces all requests of other clients.
`;

/** As deb-changelog(5) has it. */
const changelog = ({ version, homepage, maintainer, time }: PackageFacts): string =>
  `${NAME} (${versionOf(version)}) unstable; urgency=medium

  * The changes are at ${homepage}/releases/tag/v${version}.

 -- ${maintainer}  ${time.toUTCString().replace('GMT', '+0000')}
`;
