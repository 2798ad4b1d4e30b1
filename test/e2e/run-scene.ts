import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { delimiter, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestCluster } from '../lab/cluster/cluster.ts';
import { kubectlTrace, type Outcome, type RunOptions } from '../support/kubectl-trace.ts';
import { parseDocument, type Document } from '../support/schema.ts';

/** The arguments that run the client of programs/requests.ts. */
export const requestsOf = (...wishes: readonly object[]): string[] => [
  process.execPath,
  fileURLToPath(new URL('programs/requests.ts', import.meta.url)),
  JSON.stringify(wishes),
];

export interface Ran extends Outcome {
  readonly document: Document;
}

/** Runs commands under `kubectl trace run` against a test cluster, with its kubectl on the PATH. */
export class RunScene {
  readonly #cluster: () => TestCluster;
  readonly #home: string;
  #runs = 0;

  constructor(cluster: () => TestCluster, home: string) {
    this.#cluster = cluster;
    this.#home = home;
  }

  get environment(): Record<string, string> {
    const { kubeconfig, backendURL, binaries } = this.#cluster();
    return {
      KUBECONFIG: kubeconfig,
      KUBECTL_TRACE_BACKEND: `jaeger=${backendURL}`,
      PATH: [dirname(binaries.kubectl), process.env['PATH']].join(delimiter),
    };
  }

  /** The command alone; its trace is on standard error. */
  plain(flags: readonly string[], command: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    return kubectlTrace(this.#home, ['run', ...flags, '--', ...command], {
      ...options,
      env: { ...this.environment, ...options.env },
    });
  }

  /** The same, with the trace as a document in a file. */
  async run(flags: readonly string[], command: readonly string[], options: RunOptions = {}): Promise<Ran> {
    const file = join(this.#home, `trace-${this.#runs++}.json`);
    const outcome = await this.plain(['-o', 'json', '--trace-output', file, ...flags], command, options);
    return { ...outcome, document: parseDocument(readFileSync(file, 'utf8')) };
  }
}
