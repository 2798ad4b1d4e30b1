import type { Diagnosis } from '../../doctor/diagnose.ts';
import type { Canary, Observed } from '../../doctor/observed.ts';
import { valueOf } from '../../doctor/reading.ts';
import { docsPage } from '../../doctor/result.ts';
import type { ExitCode } from '../../errors.ts';
import { API_VERSION, envelopeJSON } from '../../report/json.ts';
import type { JSONObject } from '../../report/json-value.ts';
import type { Report } from '../../report/report.ts';

export interface Diagnosed {
  readonly toolVersion: string;
  readonly exitCode: ExitCode;
  readonly observed: Observed;
  readonly diagnosis: Diagnosis;
}

/** As schema/diagnosis.schema.json describes it. */
export function diagnosisDocument({ toolVersion, exitCode, observed, diagnosis }: Diagnosed): JSONObject {
  const { context, server, version, kind, canary, backend } = observed;
  const sent = valueOf(canary);
  const found = valueOf(backend);
  return {
    apiVersion: API_VERSION,
    kind: 'Diagnosis',
    tool: { version: toolVersion },
    exitCode,
    cluster: { context, server, version: valueOf(version)?.gitVersion ?? null, kind: kind.kind },
    state: diagnosis.state,
    causes: [...diagnosis.causes],
    brokenLink: diagnosis.brokenLink,
    checks: diagnosis.checks.map(({ id, state, summary, causes, looked, fix }) => ({
      id,
      state,
      causes: [...causes],
      summary,
      looked: [...looked],
      fix: [...fix],
      docs: docsPage(id),
    })),
    backend: found === undefined ? null : { kind: found.kind, url: found.url },
    canary: sent === undefined ? null : canaryJSON(sent),
    error: null,
  };
}

function canaryJSON(sent: Canary): JSONObject {
  const { method, path, traceID, auditID, status, durationNanos } = sent;
  const metrics = valueOf(sent.metrics);
  const backend = valueOf(sent.backend);
  return {
    method,
    path,
    traceID,
    auditID,
    status,
    durationNanos,
    metrics: metrics === undefined ? null : { found: metrics.ours > 0, untraced: metrics.untraced > 0 },
    backend:
      backend === undefined
        ? null
        : {
            foundBy: backend.foundBy,
            services: [...backend.services],
            waitedNanos: backend.waitedNanos,
            certain: backend.isCertain,
          },
  };
}

/** The document of a command that could not begin: no kubeconfig, or a bad flag. */
export function errorDocument(report: Report): JSONObject {
  const { tool, exitCode, error } = envelopeJSON(report);
  return {
    apiVersion: API_VERSION,
    kind: 'Diagnosis',
    tool,
    exitCode,
    cluster: { ...report.cluster, kind: null },
    state: null,
    causes: [],
    brokenLink: null,
    checks: [],
    backend: null,
    canary: null,
    error,
  };
}
