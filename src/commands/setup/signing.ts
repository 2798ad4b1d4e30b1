import { ExitCode, TraceCommandError } from '../../errors.ts';
import { member, list, text } from '../../control-plane/objects.ts';
import type { KubeRequest } from '../../kube/http/exchange.ts';
import { get } from '../../kube/api/request.ts';
import type { Runtime } from '../../runtime.ts';
import { LABELS } from './cluster-objects.ts';
import { getJSON, type SetupCluster } from './setup-cluster.ts';

const GROUP = 'certificates.k8s.io';
const PATH = `/apis/${GROUP}/v1/certificatesigningrequests`;
/** Issues client certificates that the API server accepts. It refuses system:masters alone. */
const SIGNER = 'kubernetes.io/kube-apiserver-client';

/** kube-controller-manager signs at once; it may be starting. */
const SIGNING_TIMEOUT_MILLIS = 30_000;
const POLL_MILLIS = 250;

/** A request for a certificate that the cluster is to sign. */
export interface SigningOrder {
  readonly name: string;
  /** PEM. */
  readonly request: string;
  readonly seconds: number;
}

/** Creates and approves a CertificateSigningRequest, and waits for its certificate (PEM). Rejects without one. */
export async function signedCertificate(
  { name, request, seconds }: SigningOrder,
  cluster: SetupCluster,
  runtime: Runtime,
): Promise<string> {
  const created = cluster.objectOf(
    await cluster.write(
      change('POST', PATH, {
        apiVersion: `${GROUP}/v1`,
        kind: 'CertificateSigningRequest',
        metadata: { name, labels: LABELS },
        spec: {
          request: Buffer.from(request).toString('base64'),
          signerName: SIGNER,
          expirationSeconds: seconds,
          usages: ['client auth'],
        },
      }),
    ),
  );
  const condition = {
    type: 'Approved',
    status: 'True',
    reason: 'KubectlTraceSetup',
    message: 'approved by setup identity of kubectl trace',
  };
  const approved = { ...(created as object), status: { conditions: [condition] } };
  cluster.objectOf(await cluster.write(change('PUT', `${PATH}/${name}/approval`, approved)));
  return untilSigned(name, cluster, runtime);
}

async function untilSigned(name: string, cluster: SetupCluster, { clock, interrupted }: Runtime): Promise<string> {
  for (let waited = 0; waited < SIGNING_TIMEOUT_MILLIS; waited += POLL_MILLIS) {
    const status = member(cluster.objectOf(await cluster.read(getJSON(`${PATH}/${name}`))), 'status');
    const certificate = text(status, 'certificate');
    if (certificate !== '') return Buffer.from(certificate, 'base64').toString('utf8');
    const failed = list(status, 'conditions').find((condition) => /^(?:Denied|Failed)$/.test(text(condition, 'type')));
    if (failed !== undefined) throw notSigned(text(failed, 'message') || text(failed, 'reason'));
    await clock.sleep(POLL_MILLIS, interrupted);
  }
  throw notSigned(`no certificate after ${SIGNING_TIMEOUT_MILLIS / 1000} s`);
}

const notSigned = (why: string): TraceCommandError =>
  new TraceCommandError(ExitCode.requestFailed, 'NotSigned', `the cluster did not sign the certificate: ${why}`, {
    hint: `kube-controller-manager signs for ${SIGNER}, if it has --cluster-signing-cert-file; some managed clusters do not`,
  });

/** Removes the request; the certificate stays valid. Resolves with whether there was one. */
export async function removeSigningRequest(name: string, cluster: SetupCluster): Promise<boolean> {
  const exchange = await cluster.write(change('DELETE', `${PATH}/${name}`));
  if (exchange.status === 404) return false;
  cluster.objectOf(exchange);
  return true;
}

function change(method: string, path: string, object?: object): KubeRequest {
  return {
    ...get('request', path, 'application/json'),
    method,
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    ...(object !== undefined && { body: Buffer.from(JSON.stringify(object)) }),
  };
}
