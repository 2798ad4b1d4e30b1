import type { Plugin } from 'esbuild';

export const EXPORTER = '@opentelemetry/exporter-trace-otlp-grpc';
export const EXPORTER_FILE = './lazy-otlp-exporter.js';

/**
 * The exporter of spans, with all of gRPC and its own copy of what it shares with the SDK, is a file that is loaded when
 * something is exported. In one bundle with the rest, every command would load what only it uses of the shared packages.
 */
export const exporterApart: Plugin = {
  name: 'exporter-apart',
  setup(esbuild) {
    esbuild.onResolve({ filter: new RegExp(`^${EXPORTER}$`) }, () => ({ path: EXPORTER_FILE, external: true }));
  },
};
