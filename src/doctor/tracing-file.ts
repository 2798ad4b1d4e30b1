/** The content of a file for `--tracing-config-file`. */
export interface TracingFile {
  /** The file's path, as the user gave it. */
  readonly path: string;
  readonly apiVersion: string;
  /** Null where the file has none: then the server takes its default. */
  readonly endpoint: string | null;
  readonly samplingRatePerMillion: number;
}

/** The document of such a file; what is wrong with it otherwise, in words. */
export function tracingFile(path: string, document: unknown): TracingFile | { readonly problem: string } {
  if (typeof document !== 'object' || document === null) return { problem: 'it is not a document' };
  const {
    apiVersion,
    kind,
    endpoint = null,
    samplingRatePerMillion = 0,
  } = document as Readonly<Record<string, unknown>>;
  if (kind !== 'TracingConfiguration') return { problem: 'its kind is not TracingConfiguration' };
  if (typeof apiVersion !== 'string' || !apiVersion.startsWith('apiserver.config.k8s.io/')) {
    return { problem: 'its apiVersion is not of the group apiserver.config.k8s.io' };
  }
  if (endpoint !== null && typeof endpoint !== 'string') return { problem: 'its endpoint is not a text' };
  if (typeof samplingRatePerMillion !== 'number') return { problem: 'its samplingRatePerMillion is not a number' };
  return { path, apiVersion, endpoint, samplingRatePerMillion };
}
