import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { cleanHome, kubectlTrace } from '../support/kubectl-trace.ts';
import { exportRequest, newTrace, type SentSpan } from '../support/otlp.ts';
import { startServe, type RunningServe } from '../support/serve.ts';
import { launch, openAddress, type OpenedPage } from './browser.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures/', import.meta.url));

/** The name that DNS rebinding would give this machine. */
export const FOREIGN_NAME = 'traces.example';

/** A running `kubectl trace serve`, and a browser that looks at it. */
export interface ServingBrowser extends AsyncDisposable {
  readonly serve: RunningServe;
  readonly browser: Browser;
  /** Runs `kubectl trace`, which finds this serve. */
  run(...args: string[]): Promise<string>;
  /** Sends spans as protobuf. */
  send(spans: readonly SentSpan[], service?: string): Promise<void>;
  /** Sends one span, and resolves with its trace ID. */
  sendSpan(name: string): Promise<string>;
  /** Sends the spans of a file, and resolves with their trace ID. */
  sendFile(file: string): Promise<string>;
  /** Opens a page, which may read the spans of its own trace. */
  open(path: string, options?: BrowserContextOptions): Promise<OpenedPage>;
}

/** The span that `sendSpan` sends. */
export const SPAN = 'b7ad6b7169203331';

export async function startServingBrowser(args: readonly string[] = []): Promise<ServingBrowser> {
  const home = cleanHome();
  const serve = await startServe(home.path, { args });
  const browser = await launch([`--host-resolver-rules=MAP ${FOREIGN_NAME} 127.0.0.1`]);

  const run = async (...words: string[]): Promise<string> => {
    const { code, stdout, stderr } = await kubectlTrace(home.path, words);
    assert.equal(code, 0, stderr);
    return stdout;
  };
  const post = async (type: string, body: string | Uint8Array<ArrayBuffer>): Promise<void> => {
    const headers = { 'content-type': type };
    const { status } = await fetch(`http://${serve.otlp}/v1/traces`, { method: 'POST', headers, body });
    assert.equal(status, 200);
  };
  const send = (spans: readonly SentSpan[], service?: string): Promise<void> =>
    post('application/x-protobuf', new Uint8Array(exportRequest(spans, service)));
  return {
    serve,
    browser,
    run,
    send,
    sendSpan: async (name) => {
      const trace = newTrace();
      await send([{ trace, span: SPAN, name }]);
      return trace;
    },
    sendFile: async (file) => {
      await post('application/json', await run('show', `${FIXTURES}${file}`, '-o', 'otlp'));
      return (await run('show', `${FIXTURES}${file}`, '-o', 'jsonpath={.trace.spans[0].traceID}')).trim();
    },
    open: (path, options = {}) => {
      const [, id] = /^\/trace\/([0-9a-f]+)/.exec(path) ?? [];
      const reads = id === undefined ? [] : [`${serve.query}/api/v3/traces/${id}`];
      return openAddress(browser, `${serve.query}${path}`, { ...options, reads });
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      await serve.end();
      home.remove();
    },
  };
}
