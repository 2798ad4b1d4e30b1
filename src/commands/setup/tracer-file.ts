import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { ConnectionFlags } from '../../connection.ts';
import { ExitCode, TraceCommandError } from '../../errors.ts';
import { readFile, removeFile, replaceFile } from '../../files.ts';
import { member, text } from '../../control-plane/objects.ts';
import { defaultFiles, loadKubeconfig } from '../../kube/connect/kubeconfig.ts';
import { selectConnection } from '../../kube/connect/selection.ts';
import { parseYAML } from '../../kube/manifest/yaml.ts';
import { writeYAML } from '../../kube/print/yaml.ts';
import type { Runtime } from '../../runtime.ts';

/** A kubeconfig file that is ours has this in its `extensions`. */
const EXTENSION = 'kubectl-trace.dev/tracer';

/** Files of the kubeconfig, and the one of the tracer, beside the first of them. */
export interface TracerFile {
  readonly path: string;
  /** The files that hold the user's own entries. */
  readonly own: readonly string[];
}

export function tracerFile(name: string, { kubeconfig }: ConnectionFlags, runtime: Runtime): TracerFile {
  const own = (kubeconfig === undefined ? defaultFiles(runtime) : [kubeconfig]).map((file) =>
    resolve(runtime.cwd, file),
  );
  const first = own[0] ?? resolve(runtime.home, '.kube', 'config');
  const path = join(dirname(first), `${name}.kubeconfig.yaml`);
  return { path, own: own.filter((file) => file !== path) };
}

/** The cluster and the user that a tracer is for. */
export interface Owner {
  /** The name of its ClusterRole, which follows from the user's name. */
  readonly grant: string;
  readonly server: string;
}

/** The user and context of the tracer. */
export interface Tracer extends Owner {
  readonly name: string;
  readonly certificate: string;
  readonly key: string;
}

/** Writes the tracer's file, 0600 and at once. It refuses to replace a file that it did not write. */
export async function writeTracerFile(
  path: string,
  { name, certificate, key, grant, server }: Tracer,
  connection: ConnectionFlags,
  runtime: Runtime,
): Promise<void> {
  const selection = selectConnection(await loadKubeconfig(connection.kubeconfig, runtime), connection);
  const encoded = (pem: string): string => Buffer.from(pem).toString('base64');
  const content = {
    apiVersion: 'v1',
    kind: 'Config',
    extensions: [{ name: EXTENSION, extension: { grant, server } }],
    users: [{ name, user: { 'client-certificate-data': encoded(certificate), 'client-key-data': encoded(key) } }],
    contexts: [{ name, context: { cluster: selection?.clusterName ?? '', user: name } }],
  };
  await replaceFile(path, writeYAML(content));
}

/** The grant and the server in the tracer's file; undefined where there is no file. Rejects for a file of another program. */
export async function readTracerFile(path: string): Promise<Owner | undefined> {
  if (!existsSync(path)) return undefined;
  const [document] = parseYAML(await readFile(path, 'utf8'));
  const extensions = (document as { readonly extensions?: unknown })?.extensions;
  const entry = Array.isArray(extensions) ? extensions.find((each) => text(each, 'name') === EXTENSION) : undefined;
  const { grant, server } = member(entry, 'extension');
  if (typeof grant === 'string' && typeof server === 'string') return { grant, server };
  throw new TraceCommandError(ExitCode.requestFailed, 'FileExists', `${path} exists, and another program wrote it`, {
    hint: 'give another name: --tracer-name NAME',
  });
}

export const removeTracerFile = (path: string): void => removeFile(path);

/** When a certificate ends, in local words: `2026-11-30T16:00:00Z`. */
export const expiryOf = (certificate: string): string =>
  new Date(new X509Certificate(certificate).validTo).toISOString().replace('.000', '');
