import type { ConnectionFlags } from '../../connection.ts';
import { readFile } from '../../files.ts';
import type { Environment } from '../../runtime.ts';
import type { Selection } from './selection.ts';

/** Where a pod finds its service account (client-go rest/config.go, InClusterConfig). */
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The API server of the pod that this runs in, as its service account; undefined outside of a pod. */
export async function inClusterConnection(
  flags: ConnectionFlags,
  env: Environment,
  folder: string = SERVICE_ACCOUNT,
): Promise<Selection | undefined> {
  const host = env['KUBERNETES_SERVICE_HOST'];
  const port = env['KUBERNETES_SERVICE_PORT'];
  if (!host || !port) return undefined;
  const tokenFile = `${folder}/token`;
  if ((await readText(tokenFile)) === undefined) return undefined;
  const namespace = (await readText(`${folder}/namespace`))?.trim();
  return {
    contextName: null,
    clusterName: 'in-cluster',
    userName: 'the service account',
    namespace: flags.namespace || namespace || 'default',
    cluster: {
      server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
      certificateAuthority: flags.certificateAuthority ?? `${folder}/ca.crt`,
    },
    user: {
      ...(flags.token === undefined ? { tokenFile } : { token: flags.token }),
      ...(flags.as === undefined ? {} : { as: flags.as }),
      ...(flags.asGroup === undefined ? {} : { asGroups: flags.asGroup }),
      ...(flags.asUID === undefined ? {} : { asUID: flags.asUID }),
    },
  };
}

async function readText(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}
