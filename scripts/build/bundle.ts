import { createHash } from 'node:crypto';
import { build, type BuildOptions, type BuildResult, type Plugin } from 'esbuild';
import packageJSON from '../../package.json' with { type: 'json' };
import { helpText } from '../../src/commands/help/text.ts';
import { completionData } from '../../src/commands/complete/data.ts';
import { COMMANDS, PROGRAM, VERBS } from '../../src/commands/index.ts';
import { KUBECTL_COMMANDS } from '../../src/commands/kubectl-words.ts';
import { KREW_NAME, USUAL_NAME, useProgramName } from '../../src/format/program-name.ts';
import type { BuiltTopics } from '../../src/main.ts';
import { buildPage, PAGE_FILE } from './page.ts';
import { inASCII, type BuiltText } from './ascii.ts';
import { silentYargs } from './silent-yargs.ts';
import { kubeconfigOnly, LAZY_PACKAGES } from './kubeconfig-only.ts';
import { LEFT_OUT } from './left-out.ts';
import { FIRST_ENTRY, firstFile, PROXYING, secondEntry, secondFile } from './proxied.ts';
import { requestsOnly, REQUESTING } from './requests-only.ts';
import { fileOf, packageApart, PACKAGES_APART } from './package-apart.ts';

/** The program, and the paths of all sources that are in it, relative to the project. */
export interface Bundle {
  readonly files: readonly BuiltText[];
  readonly sources: readonly string[];
}

const common = {
  bundle: true,
  platform: 'node',
  // Packages that have ES modules too are taken as such: esbuild can leave out the unused parts of those only.
  mainFields: ['module', 'main'],
  target: 'node22.19',
  write: false,
  metafile: true,
  legalComments: 'none',
  // Names too: docs/adr/0002-files-loaded-when-used.md.
  minify: true,
  logLevel: 'warning',
} satisfies BuildOptions;

/** How the files of texts end for each of the program's published names. Under any other name they are made when they are needed. */
const TEXTS = { [USUAL_NAME]: '.json', [KREW_NAME]: '-krew.json' };

const topics = builtTopics();

/** Each is loaded by src/main.ts for other command lines. */
const PROGRAMS = ['run', 'complete', 'names'] as const;

/** Smaller files for the lines of most commands, as src/process/program-files.ts names these. */
const SMALLER: Readonly<Record<string, string>> = {
  ...Object.fromEntries(REQUESTING.map((name) => [name, 'requests'])),
  ...Object.fromEntries(PROXYING.map((name) => [name, 'proxied'])),
};

/** src/process/code-cache.ts runs them. */
const runAsFunction = {
  banner: { js: '(function (exports, require, module, __filename, __dirname) {' },
  footer: { js: '})' },
} satisfies BuildOptions;

/**
 * dist/main.js, which prints help and version, help from dist/texts.json; dist/complete.js, which completes command lines
 * by what dist/completion.json says of the program, and dist/names.js, which requests the names that may stand in one;
 * dist/run.js, everything else in one file, of which each part is run when it is first imported; smaller files for the lines of
 * most commands, which share nothing with it; and a file for each package that few commands need. CommonJS, which Node starts faster than
 * ES modules. `outdir` is where they will be.
 */
export async function bundle(outdir: string): Promise<Bundle> {
  const packages = [...LAZY_PACKAGES, ...PACKAGES_APART].map((name) => buildPackage(name, outdir));
  const programs = [
    ...PROGRAMS.map((name) => buildProgram(name, outdir, entryOf(name))),
    buildProgram('requests', outdir, entryOf('run'), [requestsOnly]),
    buildProxied(outdir),
    ...packages,
  ];
  const [page, ...loaded] = await Promise.all([buildPage(outdir), ...programs]);
  const entry = await buildEntry(
    outdir,
    loaded.flatMap(({ files }) => files),
  );
  const all = [entry, page, ...loaded];
  const texts = Object.entries(TEXTS).flatMap(([name, ending]) =>
    Object.entries(textsFor(name)).map(([file, text]) => inASCII({ path: `${outdir}/${file}${ending}`, text })),
  );
  return { files: [...all.flatMap(({ files }) => files), ...texts], sources: all.flatMap(({ sources }) => sources) };
}

/** Built alone: it must load nothing before it has checked Node's version, nor use newer syntax than an old one reads. */
async function buildEntry(outdir: string, rest: readonly BuiltText[]): Promise<Bundle> {
  const result = await build({
    ...common,
    entryPoints: ['src/main.ts'],
    outdir,
    format: 'cjs',
    target: 'node12',
    supported: { 'dynamic-import': false },
    plugins: PROGRAMS.map((name) => outside(`./${name}.ts`, `./${name}.js`)),
    define: {
      BUILT_TOPICS: JSON.stringify(topics),
      BUILT_TEXTS: JSON.stringify(TEXTS),
      BUILT_VERSION: JSON.stringify(packageJSON.version),
      BUILT_COMMANDS: JSON.stringify(VERBS),
      BUILT_KUBECTL_COMMANDS: JSON.stringify([...KUBECTL_COMMANDS]),
      BUILT_SMALLER: JSON.stringify(SMALLER),
      BUILT_LEFT_OUT: JSON.stringify(LEFT_OUT),
      BUILT_HASH: JSON.stringify(hashOf(rest)),
    },
  });
  return bundled(result);
}

const entryOf = (name: (typeof PROGRAMS)[number]): string => `export * from "./src/${name}.ts";`;

/** `contents`: its first module. */
async function buildProgram(
  name: string,
  outdir: string,
  contents: string,
  plugins: readonly Plugin[] = [],
): Promise<Bundle> {
  const result = await build({
    ...common,
    stdin: { contents, resolveDir: '.' },
    outfile: `${outdir}/${name}.js`,
    format: 'cjs',
    supported: { 'dynamic-import': false },
    // For createRequire, which takes a path too.
    define: { 'import.meta.url': '__filename' },
    ...runAsFunction,
    plugins: [...plugins, kubeconfigOnly, silentYargs, builtPage, ...PACKAGES_APART.map(packageApart)],
  });
  return bundled(result);
}

async function buildProxied(outdir: string): Promise<Bundle> {
  const bundles = Object.values(await proxiedFiles(outdir));
  return { files: bundles.flatMap(({ files }) => files), sources: bundles.flatMap(({ sources }) => sources) };
}

/** dist/proxied.js and dist/report.js. */
export async function proxiedFiles(outdir: string): Promise<Readonly<Record<'first' | 'second', Bundle>>> {
  const later = new Set<string>();
  const first = await buildProgram('proxied', outdir, FIRST_ENTRY, [firstFile(later)]);
  return { first, second: await buildProgram('report', outdir, secondEntry(later), [secondFile]) };
}

async function buildPackage(name: string, outdir: string): Promise<Bundle> {
  const result = await build({
    ...common,
    stdin: { contents: `module.exports = require('${name}');`, resolveDir: '.' },
    outfile: `${outdir}/${fileOf(name)}`,
    format: 'cjs',
    ...runAsFunction,
  });
  return bundled(result);
}

const bundled = ({ outputFiles, metafile }: BuildResult<typeof common>): Bundle => ({
  files: outputFiles.map(inASCII),
  sources: Object.keys(metafile.inputs),
});

/** Enough of it for a name. */
function hashOf(files: readonly BuiltText[]): string {
  const digest = createHash('sha256');
  for (const { text } of files) digest.update(text);
  return digest.digest('hex').slice(0, 16);
}

/** Where the sources read the page that was built last, the program has the one that was built with it. */
const builtPage: Plugin = {
  name: 'built page',
  setup(esbuild) {
    esbuild.onResolve({ filter: /^\.\/template\.ts$/ }, ({ resolveDir }) =>
      /[\\/]src[\\/]page$/.test(resolveDir) ? { path: PAGE_FILE, external: true } : undefined,
    );
  },
};

/** Leaves an import in place, under the name of the file that it is built into. */
function outside(specifier: string, file: string): Plugin {
  const filter = new RegExp(`^${specifier.replaceAll('.', '\\.')}$`);
  return {
    name: 'outside',
    setup(esbuild) {
      esbuild.onResolve({ filter }, () => ({ path: file, external: true }));
    },
  };
}

/** The topic of each command line for help or version. Every other command line for them is parsed as usual. */
function builtTopics(): BuiltTopics {
  const all: Record<string, string> = {
    '': '',
    help: '',
    '-h': '',
    '--help': '',
    options: 'options',
    version: 'version',
    '--version': 'version',
  };
  for (const verb of VERBS) {
    for (const line of [`help ${verb}`, `${verb} --help`, `${verb} -h`]) all[line] = topicOf(verb);
  }
  return all;
}

function topicOf(verb: string): string {
  return verb === 'version' ? 'help version' : verb;
}

/** The help texts by topic and what completion needs, for a name of the program. */
function textsFor(name: string): { readonly texts: string; readonly completion: string } {
  useProgramName(name);
  const texts = Object.fromEntries(VERBS.map((verb) => [topicOf(verb), helpText(PROGRAM, verb)]));
  const all = {
    texts: JSON.stringify({ '': helpText(PROGRAM), ...texts }),
    completion: JSON.stringify(completionData(COMMANDS)),
  };
  useProgramName(USUAL_NAME);
  return all;
}
