import { mkdir, rm, writeFile } from 'node:fs/promises';
import { build, type BuildOptions, type OutputFile, type Plugin } from 'esbuild';
import packageJSON from '../package.json' with { type: 'json' };
import { helpText } from '../src/cli/help.ts';
import { VERBS } from '../src/cli/verbs.ts';
import type { BuiltTexts } from '../src/main.ts';
import { argumentParserOnly } from './build/argument-parser-only.ts';
import { EXPORTER, EXPORTER_FILE, exporterApart } from './build/exporter-apart.ts';
import { kubeconfigOnly, LAZY_PACKAGES, lazyFile } from './build/kubeconfig-only.ts';

/**
 * `npm run build`: dist/main.js with what is needed to start, and one file for everything that is loaded when it is
 * used. esbuild divides only ES modules into such files, and Node starts faster with CommonJS: so they are made as the
 * one and converted into the other.
 */
const outdir = 'dist';

const common = {
  bundle: true,
  platform: 'node',
  // Packages that have ES modules too are taken as such: only of those can esbuild leave out what nobody uses.
  mainFields: ['module', 'main'],
  target: 'node22.19',
  write: false,
  legalComments: 'none',
  minifySyntax: true,
  minifyWhitespace: true,
  logLevel: 'warning',
} satisfies BuildOptions;

const lazy = [
  ...LAZY_PACKAGES.map((name) => buildPackage(name, lazyFile(name))),
  buildPackage(EXPORTER, EXPORTER_FILE),
];
const built = await Promise.all([buildEntry(), buildRest(), ...lazy]);
await rm(outdir, { recursive: true, force: true });
await mkdir(outdir);
for (const { path, text } of built.flat()) await writeFile(path, text);
await writeFile(`${outdir}/package.json`, '{ "type": "commonjs" }\n');

/** Built alone: it must load nothing before it has checked Node's version, nor use newer syntax than an old one reads. */
async function buildEntry(): Promise<OutputFile[]> {
  const { outputFiles } = await build({
    ...common,
    entryPoints: ['src/main.ts'],
    outdir,
    format: 'cjs',
    target: 'node12',
    supported: { 'dynamic-import': false },
    plugins: [outside('./run.ts', './run.js'), outside('../package.json', '../package.json')],
    define: { BUILT_TEXTS: JSON.stringify(builtTexts()) },
  });
  return outputFiles;
}

async function buildRest(): Promise<OutputFile[]> {
  const { outputFiles: modules } = await build({
    ...common,
    entryPoints: ['src/run.ts'],
    outdir,
    format: 'esm',
    splitting: true,
    chunkNames: '[name]-[hash]',
    plugins: [kubeconfigOnly, argumentParserOnly, exporterApart],
  });
  const converted = await Promise.all(modules.map(toCommonJS));
  return converted.flat();
}

async function buildPackage(name: string, file: string): Promise<OutputFile[]> {
  const { outputFiles } = await build({
    ...common,
    stdin: { contents: `module.exports = require('${name}');`, resolveDir: '.' },
    outfile: `${outdir}/${file}`,
    format: 'cjs',
  });
  return outputFiles;
}

async function toCommonJS({ path, text }: OutputFile): Promise<OutputFile[]> {
  const { outputFiles } = await build({
    ...common,
    bundle: false,
    stdin: { contents: text, sourcefile: path, loader: 'js' },
    format: 'cjs',
    outfile: path,
    // For createRequire, which takes a path too.
    define: { 'import.meta.url': '__filename' },
    supported: { 'dynamic-import': false },
  });
  return outputFiles;
}

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

/** Help and version by command line. Everything else that asks for them is parsed as usual. */
function builtTexts(): BuiltTexts {
  const topics: Record<string, string> = { '': '', help: '', '-h': '', '--help': '', version: 'print version' };
  const texts: Record<string, string> = { '': helpText(), 'print version': `kubectl-trace v${packageJSON.version}\n` };
  for (const verb of VERBS) {
    texts[verb] = helpText(verb);
    for (const line of [`help ${verb}`, `${verb} --help`, `${verb} -h`]) topics[line] = verb;
  }
  return { topics, texts };
}
