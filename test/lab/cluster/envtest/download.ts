import { createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EnvHttpProxyAgent, interceptors, request } from 'undici';

export interface DownloadOptions {
  /** Named in the progress. */
  readonly title: string;
  readonly env: NodeJS.ProcessEnv;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}

/** For the connection, for the headers, and between two pieces of the body. */
const STALLED_MILLIS = 30_000;
const MAX_RETRIES = 3;
/** A second attempt may go better. */
const BROKEN = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'];

/**
 * Downloads a file, through the proxy that the environment names. A connection that breaks in the middle goes on where
 * it broke, if the server can do that (RFC 9110 §14), else from the beginning once. Rejects with the reason; the caller
 * removes what there is by then.
 */
export async function download(url: string, file: string, options: DownloadOptions): Promise<void> {
  const { env, progress, title } = options;
  progress(`downloading ${title}`);
  const proxies = proxiesOf(env);
  const agent = openAgent(proxies);
  const dispatcher = agent.compose(
    // A refused connection or an unknown name is final: the next way is quicker than waiting.
    interceptors.retry({ maxRetries: MAX_RETRIES, minTimeout: 250, errorCodes: BROKEN }),
    interceptors.redirect({ maxRedirections: 5 }),
  );
  try {
    const fetchOnce = (): Promise<void> => fetchTo(url, file, dispatcher, options);
    await fetchOnce().catch((error: NodeJS.ErrnoException) => {
      if (!['UND_ERR_REQ_RETRY', ...BROKEN].includes(error.code ?? '')) throw error;
      progress(`the download broke off (${error.message}); starting again`);
      return fetchOnce();
    });
  } catch (error) {
    const named = Object.values(proxies).slice(0, 2).find(Boolean);
    if (named === undefined) throw error;
    throw new Error(`with the proxy ${withoutPassword(named)} in the environment`, { cause: error });
  } finally {
    await agent.destroy();
  }
}

interface Proxies {
  readonly httpsProxy: string;
  readonly httpProxy: string;
  readonly noProxy: string;
}

function proxiesOf(env: NodeJS.ProcessEnv): Proxies {
  const variable = (name: string): string => env[name] || env[name.toUpperCase()] || '';
  return { httpsProxy: variable('https_proxy'), httpProxy: variable('http_proxy'), noProxy: variable('no_proxy') };
}

function openAgent(proxies: Proxies): EnvHttpProxyAgent {
  const timeouts = { headersTimeout: STALLED_MILLIS, bodyTimeout: STALLED_MILLIS, connectTimeout: STALLED_MILLIS };
  try {
    return new EnvHttpProxyAgent({ ...proxies, ...timeouts });
  } catch (cause) {
    throw new Error('HTTPS_PROXY or HTTP_PROXY is no URL', { cause });
  }
}

const withoutPassword = (proxy: string): string => new URL(proxy).origin;

async function fetchTo(
  url: string,
  file: string,
  dispatcher: ReturnType<EnvHttpProxyAgent['compose']>,
  { progress, signal }: DownloadOptions,
): Promise<void> {
  const { statusCode, headers, body } = await request(url, { dispatcher, signal });
  if (statusCode !== 200) {
    await body.dump();
    throw new Error(`the server responded ${statusCode}`);
  }
  const total = Number(headers['content-length'] ?? Number.NaN);
  await pipeline(body, counting(total, progress), createWriteStream(file, { mode: 0o600 }), { signal });
}

/** Reports each tenth of the file; a server that does not say the length gets no percentages. */
function counting(total: number, progress: (line: string) => void): Transform {
  let received = 0;
  let tenths = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      received += chunk.length;
      const now = Math.floor((received / total) * 10);
      if (now > tenths) {
        tenths = now;
        progress(`downloaded ${now * 10}% of ${(total / 1e6).toFixed(0)} MB`);
      }
      done(null, chunk);
    },
  });
}
