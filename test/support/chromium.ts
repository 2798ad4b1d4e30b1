import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { canFetchDebian, debianFiles, onPath } from '../lab/cluster/debian.ts';

const run = promisify(execFile);

/** A browser of the Chromium family, and the environment that it needs. */
export interface Chromium {
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
  /** Whether it draws with the fonts that came with it, on every machine the same. */
  readonly hasOwnFonts: boolean;
}

/** The program of Debian's package that needs no desktop; a whole Chromium does as well. */
const PROGRAMS = ['chromium-headless-shell', 'chromium'] as const;

const PACKAGE = {
  name: 'chromium-headless-shell',
  packages: ['chromium-headless-shell', 'chromium-common', 'fonts-dejavu-core'],
  withDependencies: true,
  title: 'chromium',
} as const;

const installed = (env: NodeJS.ProcessEnv): string | undefined =>
  PROGRAMS.flatMap((program) => onPath(program, env) ?? [])[0];

/** Why a browser cannot be had here; false where it can. With CI=true it must. */
export function whyNoChromium(env: NodeJS.ProcessEnv = process.env): string | false {
  if (env['CI'] === 'true' || env['KUBECTL_TRACE_TEST_CHROMIUM'] || installed(env) !== undefined) return false;
  return canFetchDebian(env) ? false : 'there is no chromium on the PATH, and no apt-get to fetch it with';
}

/**
 * The browser that KUBECTL_TRACE_TEST_CHROMIUM names, that on the PATH, or Debian's, which is unpacked into the cache and
 * not installed. Rejects with the reason where there is none.
 */
export async function chromium(env: NodeJS.ProcessEnv = process.env): Promise<Chromium> {
  const given = env['KUBECTL_TRACE_TEST_CHROMIUM'];
  if (given) {
    if (!existsSync(given)) throw new Error(`KUBECTL_TRACE_TEST_CHROMIUM names ${given}, which does not exist`);
    return { path: given, env: {}, hasOwnFonts: false };
  }
  const found = installed(env);
  if (found !== undefined) return { path: found, env: {}, hasOwnFonts: false };
  try {
    return await unpacked(await debianFiles(PACKAGE, env, (line) => void process.stderr.write(`${line}\n`)));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.trim() : String(cause);
    throw new Error(`no chromium on the PATH, and Debian's could not be fetched: ${reason}`, { cause });
  }
}

/** The program itself with the libraries and the fonts beside it: it looks for its own files in its folder. */
async function unpacked(root: string): Promise<Chromium> {
  const libraries = join(root, 'usr/lib');
  const folders = (await readdir(libraries)).filter((name) => name.endsWith('-linux-gnu'));
  const paths = folders.flatMap((name) => [join(libraries, name), join(libraries, name, 'pulseaudio')]);
  const fonts = join(root, 'fonts.conf');
  const text = fontConfiguration(join(root, 'usr/share/fonts'));
  if (!existsSync(fonts) || (await readFile(fonts, 'utf8')) !== text) await writeFile(fonts, text);
  return {
    path: join(libraries, 'chromium/chromium-headless-shell'),
    env: { LD_LIBRARY_PATH: paths.filter((path) => existsSync(path)).join(':'), FONTCONFIG_FILE: fonts },
    hasOwnFonts: true,
  };
}

/** The families that a page may name, in place of the configuration of the machine. */
const FAMILIES = { monospace: 'DejaVu Sans Mono', 'sans-serif': 'DejaVu Sans', 'system-ui': 'DejaVu Sans' } as const;

/** Only the fonts in this folder: pictures are the same on every machine. */
function fontConfiguration(folder: string): string {
  const aliases = Object.entries(FAMILIES).map(
    ([family, font]) =>
      `<alias binding="same"><family>${family}</family><prefer><family>${font}</family></prefer></alias>\n`,
  );
  return `<fontconfig>\n<dir>${folder}</dir>\n<cachedir>${folder}/cache</cachedir>\n${aliases.join('')}</fontconfig>\n`;
}

/** The major version, by which pictures are compared. */
export async function versionOf({ path, env }: Chromium): Promise<number> {
  const { stdout } = await run(path, ['--version'], { env: { ...process.env, ...env } });
  return Number(/(\d+)\./.exec(stdout)?.[1] ?? NaN);
}
