import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { build, type BuildOptions, type Plugin } from 'esbuild';
import type { PageParts } from '../../src/page/template.ts';
import { inASCII, type BuiltText } from './ascii.ts';
import type { Bundle } from './bundle.ts';

/** The file beside the others that the page is built into. */
export const PAGE_FILE = './page.json';

const common = {
  bundle: true,
  write: false,
  metafile: true,
  legalComments: 'none',
  minify: true,
  logLevel: 'warning',
  // Baseline 2024.
  target: ['chrome120', 'firefox121', 'safari17.2'],
} satisfies BuildOptions;

/** dist/page.json: what page/ is in a browser. It has the same code for rows, labels and sentences as the terminal. */
export async function buildPage(outdir: string): Promise<Bundle> {
  const [script, listScript, style] = await Promise.all([
    build({ ...browser, entryPoints: ['page/main.tsx'] }),
    build({ ...browser, entryPoints: ['page/list.ts'] }),
    build({ ...common, entryPoints: ['page/page.css'] }),
  ]);
  const parts = partsOf({
    script: textOf(script.outputFiles),
    listScript: textOf(listScript.outputFiles),
    style: textOf(style.outputFiles),
  });
  return {
    files: [{ path: `${outdir}/page.json`, text: JSON.stringify({ parts }) }],
    sources: [script, listScript].flatMap(({ metafile }) => Object.keys(metafile.inputs)),
  };
}

/** In ASCII, so that no encoding changes what the hash is of, and without the newline at the end. */
const textOf = ([file]: readonly BuiltText[]): string => (file === undefined ? '' : inASCII(file).text.trim());

function partsOf({ script, listScript, style }: Pick<PageParts, 'script' | 'listScript' | 'style'>): PageParts {
  for (const code of [script, listScript]) {
    if (/<\/script|<!--/i.test(code) || /<\//.test(style)) throw new Error('the page would end its own element');
    if (/\brequire\(|\beval\(|new Function\b|\bBuffer\b/.test(code))
      throw new Error('the page uses what a browser refuses');
  }
  const hashes = { styleHash: hashOf(style), scriptHash: hashOf(script), listScriptHash: hashOf(listScript) };
  return { style, script, listScript, ...hashes };
}

const hashOf = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;

/** A browser has no Buffer. */
const withoutBuffer: Plugin = {
  name: 'without Buffer',
  setup(esbuild) {
    esbuild.onResolve({ filter: /\/format\/base64\.ts$/ }, () => ({ path: resolve('page/base64.ts') }));
  },
};

/** Colours of a terminal come from Node.js, beside the functions for words that the page uses: here a text has none. */
const withoutColours: Plugin = {
  name: 'without colours',
  setup(esbuild) {
    esbuild.onResolve({ filter: /^node:util$/ }, ({ path }) => ({ path, namespace: 'without-colours' }));
    esbuild.onLoad({ filter: /.*/, namespace: 'without-colours' }, () => ({
      contents: 'export const styleText = (colour, text) => text;',
    }));
  },
};

const browser = {
  ...common,
  format: 'iife',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  plugins: [withoutColours, withoutBuffer],
} satisfies BuildOptions;
