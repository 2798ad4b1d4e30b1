import { rawRequest } from '../../kube/api/request.ts';
import type { KubeRequest } from '../../kube/http/exchange.ts';
import { utf8Value } from '../../kube/http/header-value.ts';
import { readSource } from '../../kube/manifest/read.ts';
import { readsStandardInput } from '../../cli/input.ts';
import type { Runtime } from '../../runtime.ts';
import { openSession } from '../../tracing/session.ts';
import type { RawInvocation } from './arguments.ts';

/** `raw METHOD PATH`: sends the request as it is given, once. */
export async function runRaw(invocation: RawInvocation, runtime: Runtime, version: string): Promise<number> {
  const standardInput = readsStandardInput(invocation) ? 'manifest' : 'free';
  const session = await openSession(invocation, { standardInput }, runtime, version);
  try {
    const request = await rawRequestOf(invocation, runtime);
    const sent = await session.record(async ({ recorder }) => void (await recorder.send(request)));
    const separator = await session.printResponse(sent, async ({ recorder }) => {
      const { rawResponse, succeeded } = await import('../../tracing/response.ts');
      return rawResponse(succeeded(recorder));
    });
    const report = await session.buildReport(sent);
    return await session.publish(report, separator);
  } finally {
    await session.close();
  }
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
