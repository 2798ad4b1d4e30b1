import type { Cluster, Exchange } from '../kube/http/exchange.ts';
import { sendUntilServed } from '../kube/http/repeat.ts';
import type { SendStream } from '../kube/api/watch.ts';
import { requestContext } from '../propagation/request-context.ts';
import type { Runtime } from '../runtime.ts';

/** Sends requests of the tool, each in a separate trace: they must not show in the one that is looked at. */
export function sendUntraced(cluster: Cluster, runtime: Runtime, signal: AbortSignal): SendStream {
  return (request, reading) => {
    const until = reading === undefined ? signal : AbortSignal.any([signal, reading.signal]);
    const sendOnce = (): Promise<Exchange> =>
      cluster.send(request, requestContext(runtime.random), until, reading?.onData);
    const isAgainAtOnce = async (exchange: Exchange): Promise<boolean> => isLostIdle(exchange);
    return sendUntilServed(sendOnce, { clock: runtime.clock, signal: until, isAgainAtOnce });
  };
}

/**
 * A server or a balancer has closed a connection that was idle, which shows when it is used again. Go's transport sends
 * such a request again (net/http, `shouldRetryRequest`); the tool's own may be: they change nothing.
 */
const isLostIdle = ({ connectionReused, status, error }: Exchange): boolean =>
  connectionReused && status === null && error?.reason === 'ConnectionClosed';
