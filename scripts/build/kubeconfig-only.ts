import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';
import { fileOf } from './package-apart.ts';

/** Packages that client-node needs for few users only: each is a separate file, loaded when it is used. */
export const LAZY_PACKAGES = ['socks-proxy-agent', 'hpagent'] as const;

/** For requests and SOCKS proxies of the generated API, and for reading files and auth-providers, which we do ourselves. */
const LEFT_OUT = [
  'undici',
  'socks',
  'js-yaml',
  'openid-client',
  'jsonpath-plus',
  './gen/index.js',
  './gen/rxjsStub.js',
];

/** A module of Node.js, with all that it loads: for plugins that print credentials, and for Windows' Linux. */
const LAZY_BUILT_IN = 'node:child_process';

/**
 * Only client-node's KubeConfig is used, which imports all the rest: a thousand generated modules and several packages,
 * that take longer to load than a request takes. Those imports become values that load their package, or throw, when
 * they are first used.
 */
export const kubeconfigOnly: Plugin = {
  name: 'kubeconfig-only',
  setup(esbuild) {
    esbuild.onLoad({ filter: /@kubernetes[\\/]client-node[\\/]dist[\\/][^\\/]+\.js$/ }, async ({ path }) => ({
      contents: replaceImports(await readFile(path, 'utf8')),
    }));
    const apart = LAZY_PACKAGES.map(fileOf);
    esbuild.onResolve({ filter: /^\.\/package-/ }, ({ path }) =>
      apart.includes(path as never) ? { path, external: true } : undefined,
    );
  },
};

function replaceImports(source: string): string {
  const withoutProcesses = source.replace(
    new RegExp(`^import (\\w+) from '${LAZY_BUILT_IN}';$`, 'm'),
    (_, name: string) =>
      // Functions, so that the module is loaded when one is called, not when it is mentioned.
      `const ${name} = new Proxy({}, { get: (_, name) => (...args) => require('${LAZY_BUILT_IN}')[name](...args) });`,
  );
  return withoutProcesses.replace(
    /^import (?:\* as (?<namespace>\w+)|\{(?<names>[^}]*)\}) from '(?<module>[^']+)';$/gm,
    (statement, ...rest) => {
      const { namespace, names = '', module = '' } = rest.at(-1) as Record<string, string | undefined>;
      const load = loader(module);
      if (load === undefined) return statement;
      if (namespace !== undefined) return `const ${namespace} = new Proxy({}, { get: (_, name) => (${load})[name] });`;
      return names
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '')
        .map((name) => lazyFunction(name, load))
        .join('\n');
    },
  );
}

/** An expression whose value is the module; undefined for those that are bundled as they are. */
function loader(module: string): string | undefined {
  if ((LAZY_PACKAGES as readonly string[]).includes(module)) return `require('${fileOf(module)}')`;
  if (!LEFT_OUT.includes(module)) return undefined;
  return `(() => { throw new Error('${module} is not part of this program'); })()`;
}

/** For a function or a class: `A as B` of the import is B here. */
function lazyFunction(name: string, load: string): string {
  const [imported = '', local = imported] = name.split(' as ');
  return `function ${local}(...args) {
    const actual = (${load}).${imported};
    return new.target ? new actual(...args) : actual(...args);
  }`;
}
