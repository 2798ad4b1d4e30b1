import type { Plugin } from 'esbuild';

/**
 * Packages that few commands import. Each is a separate file: in one with the rest, every command would read it. The
 * exporter of spans has all of gRPC in it, and its own copy of what it shares with the SDK.
 */
export const PACKAGES_APART = ['@opentelemetry/exporter-trace-otlp-grpc', 'diff', 'js-yaml', 'ws'] as const;

/** The file beside the others that a package is built into. */
export const fileOf = (name: string): `./${string}` => `./package-${name.replace(/^.*\//, '')}.js`;

export function packageApart(name: string): Plugin {
  return {
    name: `${name} apart`,
    setup(esbuild) {
      esbuild.onResolve({ filter: new RegExp(`^${name}$`) }, () => ({ path: fileOf(name), external: true }));
    },
  };
}
