import { readdir, readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One import, static or dynamic, of values or of types alone. */
export interface SourceImport {
  /** Path below src/, with slashes. */
  readonly file: string;
  /** As written: `../trace/ids.ts`, `node:net`, `yargs`. */
  readonly specifier: string;
}

/** Files of src/ itself that all others may import; they import nothing but trace/, format/ and each other. */
const CONTRACTS = [
  'backend-access.ts',
  'connection.ts',
  'deadline.ts',
  'errors.ts',
  'response-bounds.ts',
  'runtime.ts',
];

/**
 * Which floor may import which: main → { run | complete | names } → commands → tracing → { cli | render → page → report → pod → analysis | serve →
 * store → codec | backend → codec | proxy → kube → propagation } → trace → format.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  main: ['run', 'complete', 'names', 'process', 'user-folders', 'trace', 'format'],
  complete: ['commands', 'cli', 'passed-on', 'trace', 'format'],
  names: ['commands'],
  process: ['folders', 'passed-on', 'platform', 'user-folders', 'trace', 'format'],
  run: ['commands', 'tracing', 'cli', 'trace', 'format'],
  commands: [
    'tracing',
    'doctor',
    'cli',
    'page',
    'render',
    'report',
    'pod',
    'analysis',
    'serve',
    'store',
    'backend',
    'codec',
    'proxy',
    'kube',
    'propagation',
    'glossary',
    'control-plane',
    'files',
    'passed-on',
    'platform',
    'program-call',
    'trace',
    'format',
  ],
  tracing: [
    'serve',
    'cli',
    'render',
    'report',
    'pod',
    'analysis',
    'store',
    'backend',
    'codec',
    'kube',
    'propagation',
    'files',
    'platform',
    'user-folders',
    'trace',
    'format',
  ],
  cli: ['trace', 'format'],
  render: ['page', 'report', 'pod', 'analysis', 'platform', 'trace', 'format'],
  page: ['report', 'format'],
  report: ['pod', 'analysis', 'trace', 'format'],
  pod: ['analysis', 'trace', 'format'],
  serve: ['store', 'codec', 'files', 'folders', 'trace', 'format'],
  store: ['codec', 'backend', 'files', 'trace', 'format'],
  analysis: ['trace', 'format'],
  backend: ['codec', 'files', 'trace', 'format'],
  codec: ['trace', 'format'],
  proxy: ['kube', 'folders', 'platform', 'trace', 'format'],
  kube: ['propagation', 'files', 'platform', 'program-call', 'trace', 'format'],
  propagation: ['trace', 'format'],
  glossary: ['format'],
  'control-plane': ['format'],
  doctor: ['control-plane', 'analysis', 'trace', 'format'],
  files: ['folders', 'format'],
  folders: [],
  'passed-on': [],
  platform: [],
  'program-call': ['platform'],
  'user-folders': ['platform'],
  trace: ['format'],
  format: [],
  contracts: ['platform', 'trace', 'format'],
};

/** Each package has one folder that knows it; YAML is read in one and written in another. */
const FOLDERS_OF_PACKAGE: Readonly<Record<string, readonly string[]>> = {
  yargs: ['cli'],
  '@kubernetes/client-node': ['kube'],
  'js-yaml': ['control-plane', 'kube', 'render'],
  '@opentelemetry': ['propagation'],
  'cli-table3': ['render'],
  diff: ['control-plane'],
  'string-width': ['render'],
};

/** No input or output at all; of Node, drawing may use styleText. */
const MODULES_OF_NODE: Readonly<Record<string, readonly string[]>> = {
  trace: [],
  analysis: [],
  pod: [],
  glossary: [],
  'control-plane': [],
  doctor: [],
  render: ['node:util'],
  contracts: [],
};

/** The violation by an import, in one sentence; undefined without one. */
export function violation({ file, specifier }: SourceImport): string | undefined {
  const from = layerOf(file);
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(file), specifier);
    if (target === '../package.json') return from === 'main' ? undefined : `${file}: only main.ts reads package.json`;
    const to = layerOf(target);
    if (to === from || to === 'contracts' || MAY_IMPORT[from]?.includes(to) === true) return undefined;
    return `${file}: ${from} must not import ${to} (${specifier})`;
  }
  if (specifier.startsWith('node:')) {
    if (specifier === 'node:sqlite' && from !== 'store') return `${file}: only store knows SQLite`;
    if (specifier === 'node:process') return `${file}: only main.ts and process/ know the process`;
    const allowed = MODULES_OF_NODE[from];
    return allowed === undefined || allowed.includes(specifier)
      ? undefined
      : `${file}: ${from} must not import ${specifier}`;
  }
  const folders = Object.entries(FOLDERS_OF_PACKAGE).find(([name]) => `${specifier}/`.startsWith(`${name}/`))?.[1];
  if (folders?.includes(from) === true) return undefined;
  return `${file}: ${specifier} is for ${folders?.join(', ') ?? 'no folder: give it one in test/support/architecture.ts'}`;
}

/** `cli` for cli/flags.ts, `main` for main.ts. */
function layerOf(file: string): string {
  if (CONTRACTS.includes(file)) return 'contracts';
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : file.replace(/\.ts$/, '');
}

/** Every import of a source text. Throws when a dynamic one does not name its module, as it could not be checked. */
export function importsOf(file: string, source: string): SourceImport[] {
  const code = withoutComments(source);
  if (/\bimport\s*\(\s*[^'"\s]/.test(code)) throw new Error(`${file}: import() of something that is not a literal`);
  const matches = code.matchAll(/(?<!['"])\b(?:from|import|require)\s*\(?\s*['"]([^'"\n]+)['"]/g);
  return [...matches].map(([, specifier = '']) => ({ file, specifier }));
}

/** Whether a source text uses the global `process`. */
export const usesProcess = (source: string): boolean =>
  /(?<![.\w])process\.(argv|cwd|env|exit|getBuiltinModule|hrtime|kill|off|on|pid|platform|std|version)/.test(
    withoutComments(source),
  );

function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

const sourceFolder = fileURLToPath(new URL('../../src/', import.meta.url));

/** Every source file: its path below src/, and its text. */
export async function sources(): Promise<ReadonlyMap<string, string>> {
  const files = (await readdir(sourceFolder, { recursive: true })).filter((path) => path.endsWith('.ts'));
  const texts = await Promise.all(files.map((file) => readFile(sourceFolder + file, 'utf8')));
  return new Map(files.map((file, index) => [file.replaceAll('\\', '/'), texts[index]!]));
}
