import type { WebhookConfiguration } from '../../analysis/webhook-configuration.ts';
import { UsageError } from '../../errors.ts';
import { epochNanos, type EpochNanos } from '../../trace/time.ts';
import type { JSONObject } from '../json-value.ts';
import { API_VERSION } from '../json.ts';
import {
  FOUND_BY,
  PREDICTIONS,
  VERDICTS,
  type ErrorReport,
  type LookupReport,
  type Report,
  type ReportVerdict,
  type RequestReport,
  type ServedBy,
} from '../report.ts';
import { readConnection, readPhases } from './connection.ts';
import { isDeeper } from './depth.ts';
import { DocumentReader } from './document-reader.ts';
import { readTrace } from './trace.ts';

export const isDocument = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'RequestTrace';

/**
 * Reads a RequestTrace that `-o json` has printed. The document itself stays with the report, so that it is printed again as it was,
 * with keys that a later version has added. Throws UsageError.
 */
export function readDocument(value: unknown): Report {
  const document = openDocument(value);
  const trace = document.objectOrNull('trace');
  const envelope = readEnvelope(document);
  const { requests } = envelope;
  return {
    ...envelope,
    document: value as JSONObject,
    verdict: document.choiceOrNull('verdict', REPORT_VERDICTS),
    analysis: trace === null ? null : readTrace(trace, document.objectOrNull('summary'), { requests }),
  };
}

/** Attributes of spans are at most 64 levels deep (codec/otlp/value.ts), and a dozen levels are above them. */
const MAX_DEPTH = 100;

/** Throws UsageError for a version that this program does not read, and for a document deeper than any that it prints. */
export function openDocument(value: unknown): DocumentReader {
  if (isDeeper(value, MAX_DEPTH)) {
    throw new UsageError('InvalidDocument', `invalid document: it is nested more than ${MAX_DEPTH} levels deep`);
  }
  const document = new DocumentReader(value);
  const apiVersion = document.text('apiVersion');
  if (apiVersion !== API_VERSION) {
    throw new UsageError(
      'UnknownVersion',
      `the document is of version "${apiVersion}", and this program reads ${API_VERSION}`,
    );
  }
  return document;
}

/** Fields of documents of every kind. */
export function readEnvelope(
  document: DocumentReader,
): Pick<Report, 'toolVersion' | 'exitCode' | 'cluster' | 'command' | 'requests' | 'backend' | 'error'> {
  const cluster = document.object('cluster');
  return {
    toolVersion: document.object('tool').text('version'),
    exitCode: document.exitCode('exitCode'),
    cluster: {
      context: cluster.textOrNull('context'),
      server: cluster.textOrNull('server'),
      version: cluster.textOrNull('version'),
    },
    command: readCommand(document.object('command')),
    requests: document.objects('requests').map(readRequest),
    backend: readBackend(document.objectOrNull('backend')),
    error: readError(document.objectOrNull('error')),
  };
}

const REPORT_VERDICTS: readonly ReportVerdict[] = [...VERDICTS, 'skipped'];

function readCommand(command: DocumentReader): Report['command'] {
  const startTime = command.textOrNull('startTime');
  const startedAt = startTime === null ? null : parseRFC3339(startTime);
  if (startedAt === undefined) throw command.error('startTime', 'a time in RFC 3339');
  return {
    verb: command.textOrNull('verb'),
    args: command.texts('args'),
    ran: command.value('ran') === null ? null : command.texts('ran'),
    traceID: command.traceIDOrNull('traceID'),
    spanID: command.spanIDOrNull('spanID'),
    parentSpanID: command.has('parentSpanID') ? command.spanIDOrNull('parentSpanID') : null,
    startTime: startedAt,
    durationNanos: command.nanosOrNull('durationNanos'),
  };
}

/** With nanoseconds, in UTC, as `rfc3339` writes it. */
function parseRFC3339(text: string): EpochNanos | undefined {
  const [, seconds = '', fraction = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{9})Z$/.exec(text) ?? [];
  const millis = Date.parse(`${seconds}Z`);
  return Number.isNaN(millis) ? undefined : epochNanos(BigInt(millis) * 1_000_000n + BigInt(fraction));
}

function readBackend(backend: DocumentReader | null): Report['backend'] {
  if (backend === null) return null;
  return { kind: backend.text('kind'), url: backend.text('url'), traceURL: backend.textOrNull('traceURL') };
}

function readError(error: DocumentReader | null): ErrorReport | null {
  if (error === null) return null;
  return {
    code: error.exitCode('code'),
    reason: error.text('reason'),
    message: error.text('message'),
    hint: error.textOrNull('hint'),
  };
}

function readRequest(request: DocumentReader): RequestReport {
  const error = request.objectOrNull('error');
  const lookup = request.objectOrNull('lookup');
  return {
    purpose: request.choice('purpose', ['request', 'discovery', 'identity']),
    spanID: request.spanID('spanID'),
    auditID: request.textOrNull('auditID'),
    method: request.text('method'),
    path: request.text('path'),
    query: request.text('query'),
    group: request.textOrNull('group'),
    version: request.textOrNull('version'),
    resource: request.textOrNull('resource'),
    subresource: request.textOrNull('subresource'),
    namespace: request.textOrNull('namespace'),
    name: request.textOrNull('name'),
    startOffsetNanos: request.nanos('startOffsetNanos'),
    durationNanos: request.nanos('durationNanos'),
    phases: readPhases(request.object('phases')),
    ...readConnection(request),
    connectionReused: request.boolean('connectionReused'),
    status: request.integerOrNull('status'),
    requestBytes: request.integer('requestBytes'),
    responseBytes: request.integer('responseBytes'),
    flowSchema: request.textOrNull('flowSchema'),
    priorityLevel: request.textOrNull('priorityLevel'),
    warnings: request.texts('warnings'),
    error: error === null ? null : { reason: error.text('reason'), message: error.text('message') },
    objectCount: request.integerOrNull('objectCount'),
    outcome: request.textOrNull('outcome'),
    dryRun: request.has('dryRun') && request.boolean('dryRun'),
    webhooks: request.value('webhooks') === null ? null : readWebhooks(request.objects('webhooks')),
    lookup: lookup === null ? null : readLookup(lookup),
  };
}

/** The configured ones; those that are only in the trace are found there. */
function readWebhooks(webhooks: readonly DocumentReader[]): readonly WebhookConfiguration[] | null {
  const configured = webhooks.filter((webhook) => webhook.value('timeoutSeconds') !== null);
  return configured.length === 0 && webhooks.length > 0 ? null : configured.map(readWebhook);
}

function readWebhook(webhook: DocumentReader): WebhookConfiguration {
  const reinvocationPolicy = webhook.choiceOrNull('reinvocationPolicy', ['Never', 'IfNeeded']);
  return {
    name: webhook.text('name'),
    configuration: webhook.text('configuration'),
    type: webhook.choice('type', ['mutating', 'validating']),
    timeoutSeconds: webhook.integer('timeoutSeconds'),
    failurePolicy: webhook.choice('failurePolicy', ['Fail', 'Ignore']),
    reinvocationPolicy,
  };
}

function readLookup(lookup: DocumentReader): LookupReport {
  return {
    prediction: lookup.choiceOrNull('prediction', PREDICTIONS),
    contextKept: lookup.booleanOrNull('contextKept'),
    traceID: lookup.traceIDOrNull('traceID'),
    foundBy: lookup.choiceOrNull('foundBy', FOUND_BY),
    servedBy: readServedBy(lookup.objectOrNull('servedBy')),
    verdict: lookup.choice('verdict', REPORT_VERDICTS),
    expected: lookup.integerOrNull('expected'),
    received: lookup.integer('received'),
    missing: lookup.objects('missing').map((span) => ({
      parentSpanID: span.spanIDOrNull('parentSpanID'),
      name: span.text('name'),
      kind: span.text('kind'),
      service: span.text('service'),
    })),
    reasons: lookup.objects('reasons').map((reason) => ({
      code: reason.text('code'),
      message: reason.text('message'),
      spanIDs: reason.spanIDs('spanIDs'),
    })),
    polls: lookup.integer('polls'),
    waitedNanos: lookup.nanos('waitedNanos'),
  };
}

function readServedBy(server: DocumentReader | null): ServedBy | null {
  if (server === null) return null;
  return {
    instanceID: server.text('instanceID'),
    host: server.textOrNull('host'),
    replicas: server.integer('replicas'),
  };
}
