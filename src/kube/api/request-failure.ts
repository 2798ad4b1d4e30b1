import { ExitCode, TraceCommandError } from '../../errors.ts';
import type { Exchange } from '../http/exchange.ts';
import { failureHint } from './failure-hint.ts';
import { statusMessage, statusOf } from './status.ts';

/** A request that did not do what it was to do. */
export interface RequestFailure {
  /** A CamelCase word: Kubernetes' own where there is one (`Forbidden`, `NotFound`), else a TransportError's. */
  readonly reason: string;
  /** In kubectl's words, without an "error: " before it. */
  readonly message: string;
  readonly hint?: string;
  /** The line that kubectl prints: see {@link kubectlLine}. */
  readonly line: string;
}

/** Where a request was sent, and what for. */
export interface FailureContext {
  readonly contextName: string | null;
  /** The prefix that kubectl puts before the server's message: `error when creating "web.yaml": `. */
  readonly failed?: string;
}

/** Undefined when the request succeeded. */
export function requestFailure(
  exchange: Exchange,
  context: FailureContext = { contextName: null },
): RequestFailure | undefined {
  const { error, status } = exchange;
  if (error !== null) return failure(error.reason, error.message, error.hint);
  if (status === null || isSuccess(status)) return undefined;
  const details = statusOf(exchange);
  const reason = details.reason === '' ? `HTTP${status}` : details.reason;
  return failure(reason, statusMessage(exchange, details, context.failed), failureHint(exchange, context.contextName));
}

/** Another protocol was agreed on (exec, port-forward), or the client's cached copy is current: no failures either. */
const isSuccess = (status: number): boolean => (status >= 200 && status < 300) || status === 101 || status === 304;

function failure(reason: string, message: string, hint: string | undefined): RequestFailure {
  return { reason, message, line: kubectlLine(message), ...(hint === undefined ? {} : { hint }) };
}

/** The end of a command whose request failed. */
export function requestFailureError({ reason, message, hint }: RequestFailure): TraceCommandError {
  return new TraceCommandError(ExitCode.requestFailed, reason, message, hint === undefined ? {} : { hint });
}

/** The beginnings of messages that kubectl prints as they are (kubectl pkg/cmd/util/helpers.go, checkErr). */
const WHOLE_LINES =
  /^(Error from server|Error in configuration: |The connection to the server |Unable to connect to the server: |The request is invalid|The \S+ ".*" is invalid)/;

/** A message as kubectl prints it: with "error: " before it, unless it is a separate line already. */
export function kubectlLine(message: string): string {
  return WHOLE_LINES.test(message) ? message : `error: ${message}`;
}
