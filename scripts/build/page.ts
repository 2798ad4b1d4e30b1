import { createHash } from 'node:crypto';
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
  const [script, style] = await Promise.all([
    build({
      ...common,
      entryPoints: ['page/main.tsx'],
      format: 'iife',
      jsx: 'automatic',
      jsxImportSource: 'preact',
      plugins: [withoutColours],
    }),
    build({ ...common, entryPoints: ['page/page.css'] }),
  ]);
  const parts = partsOf(textOf(script.outputFiles), textOf(style.outputFiles));
  return {
    files: [{ path: `${outdir}/page.json`, text: JSON.stringify({ parts }) }],
    sources: Object.keys(script.metafile.inputs),
  };
}

/** In ASCII, so that no encoding changes what the hash is of, and without the newline at the end. */
const textOf = ([file]: readonly BuiltText[]): string => (file === undefined ? '' : inASCII(file).text.trim());

function partsOf(script: string, style: string): PageParts {
  if (/<\/script|<!--/i.test(script) || /<\//.test(style)) throw new Error('the page would end its own element');
  if (/\brequire\(|\beval\(|new Function\b/.test(script)) throw new Error('the page uses what a browser refuses');
  return { style, script, styleHash: hashOf(style), scriptHash: hashOf(script) };
}

const hashOf = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;

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
