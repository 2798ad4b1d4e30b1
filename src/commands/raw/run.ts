import { utf8Value } from '../../kube/http/header-value.ts';
import type { InputSource } from '../../cli/input.ts';
import type { RawInvocation } from './arguments.ts';
import type { ExitCode } from '../../errors.ts';
import type { KubeRequest } from '../../kube/http/exchange.ts';
import { readInput } from '../../kube/manifest/files.ts';
import { rawRequest } from '../../kube/api/request.ts';
import type { Runtime } from '../../runtime.ts';
import { traceRequests } from '../../tracing/trace-requests.ts';

/** `raw METHOD PATH`: the request as it is given, once. */
export function runRaw(invocation: RawInvocation, runtime: Runtime, version: string): Promise<ExitCode> {
  return traceRequests(
    invocation,
    async () => {
      const request = await rawRequestOf(invocation, runtime);
      return async ({ journal }) => void (await journal.send(request));
    },
    runtime,
    version,
  );
}

async function rawRequestOf({ method, path, headers, data }: RawInvocation, runtime: Runtime): Promise<KubeRequest> {
  const request = rawRequest(path, 'the path');
  return {
    ...request,
    method,
    // No content type, as kubectl: the server then takes the body for JSON.
    headers: { ...request.headers, ...Object.fromEntries(headers.map(([name, value]) => [name, utf8Value(value)])) },
    ...(data !== undefined && { body: await readSource(data, runtime) }),
  };
}

/** A text of the command line, or a file that it names. */
export const readSource = async (source: InputSource, runtime: Runtime): Promise<Uint8Array> =>
  'text' in source ? Buffer.from(source.text) : readInput(source.file, runtime);
