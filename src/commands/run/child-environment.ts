import { formatTraceparent } from '../../propagation/traceparent.ts';
import type { ThrowAwayFolder } from '../../proxy/folder.ts';
import type { Environment } from '../../runtime.ts';
import type { SpanID, TraceID } from '../../trace/ids.ts';

/** Variables that would make helm bypass the kubeconfig. */
const AROUND = /^HELM_KUBE(APISERVER|CAFILE|INSECURE_SKIP_TLS_VERIFY|TLS_SERVER_NAME|TOKEN)$/;

/** The environment of a command whose requests are to come to the proxy, and which may be traced itself. */
export function childEnvironment(
  env: Environment,
  folder: Pick<ThrowAwayFolder, 'kubeconfig' | 'cache'>,
  { traceID, spanID }: { readonly traceID: TraceID; readonly spanID: SpanID },
): Environment {
  return {
    ...Object.fromEntries(Object.entries(env).filter(([name]) => !AROUND.test(name))),
    KUBECONFIG: folder.kubeconfig,
    KUBECACHEDIR: folder.cache,
    TRACEPARENT: formatTraceparent(traceID, spanID, { sampled: true }),
    ...withoutProxy(env),
  };
}

/** Go never uses a proxy for a loopback address; other programs need this setting. */
function withoutProxy(env: Environment): Environment {
  const proxied = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'].some((name) => Boolean(env[name]));
  if (!proxied) return {};
  const names = ['NO_PROXY', 'no_proxy'] as const;
  const before = names.map((name) => env[name]).find(Boolean);
  const list = before === undefined ? '127.0.0.1' : `${before},127.0.0.1`;
  return Object.fromEntries(names.map((name) => [name, list]));
}
