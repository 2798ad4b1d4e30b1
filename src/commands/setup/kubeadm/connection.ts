import { join } from 'node:path';
import type { ConnectionFlags } from '../../../connection.ts';
import type { Runtime } from '../../../runtime.ts';
import type { NodeFiles } from './node-files.ts';
import { ADMIN_KUBECONFIG } from './paths.ts';
import type { KubeadmTask } from './task.ts';

/**
 * The connection to this node's own API server, as kubeadm's admin unless a kubeconfig is given: the address of a
 * kubeconfig may be that of a balancer, behind which another API server responds while this one restarts.
 */
export async function nodeConnection(
  { connection, rootfs }: Pick<KubeadmTask, 'connection' | 'rootfs'>,
  address: string,
  files: NodeFiles,
  { env }: Pick<Runtime, 'env'>,
): Promise<ConnectionFlags> {
  const isGiven = connection.kubeconfig !== undefined || Boolean(env['KUBECONFIG']);
  const hasAdmin = !isGiven && (await files.read(ADMIN_KUBECONFIG)) !== undefined;
  return {
    ...connection,
    ...(hasAdmin && { kubeconfig: join(rootfs === '' ? '/' : rootfs, ADMIN_KUBECONFIG) }),
    ...(connection.server === undefined && address !== '' && { server: `https://${address}` }),
  };
}
