import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

const schemaOf = (name: string): object =>
  JSON.parse(readFileSync(new URL(`../../schema/${name}.schema.json`, import.meta.url), 'utf8')) as object;

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
const validate = ajv.compile(schemaOf('request-trace'));
const validateCommands = ajv.compile(schemaOf('command-list'));
const validateGlossary = ajv.compile(schemaOf('glossary'));
const validateVersion = ajv.compile(schemaOf('version'));
const validatePods = ajv.compile(schemaOf('pod-trace'));
const validateDiagnosis = ajv.compile(schemaOf('diagnosis'));

export interface JSONSpan {
  readonly ended?: boolean;
  readonly precision?: string;
  readonly original?: { readonly startUnixNano: string; readonly endUnixNano: string };
  readonly spanID: string;
  readonly parentSpanID?: string;
  readonly traceID: string;
  readonly inferred: boolean;
  readonly name: string;
  readonly label: string;
  readonly kind: string;
  readonly service: string;
  readonly resource: number;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly component: string;
  readonly source: string;
  readonly durationNanos: number;
  readonly selfNanos: number;
  readonly startOffsetNanos: number;
}

/** The parts of the document that tests look at. */
export interface Document {
  readonly exitCode: number;
  readonly verdict: string | null;
  readonly cluster: { readonly context: string | null };
  readonly command: {
    readonly verb: string | null;
    readonly ran: readonly string[] | null;
    readonly traceID: string;
    readonly spanID: string;
    readonly parentSpanID: string | null;
    readonly durationNanos: number;
  };
  readonly requests: readonly {
    readonly purpose: string;
    readonly spanID: string;
    readonly auditID: string | null;
    readonly method: string;
    readonly path: string;
    readonly query: string;
    readonly body: unknown;
    readonly status: number | null;
    readonly connectionReused: boolean;
    readonly phases: Readonly<Record<string, number | null>>;
    readonly responseBytes: number;
    readonly outcome: string | null;
    readonly priorityLevel: string | null;
    readonly webhooks:
      | readonly {
          readonly name: string;
          readonly type: string;
          readonly timeoutSeconds: number | null;
          readonly calls: number | null;
          readonly durationNanos: number | null;
        }[]
      | null;
    readonly lookup: {
      readonly missing: readonly { readonly name: string }[];
      readonly foundBy: string | null;
      readonly servedBy: unknown;
      readonly verdict: string;
      readonly contextKept: boolean | null;
      readonly traceID: string | null;
      readonly prediction: string | null;
      readonly received: number;
      readonly polls: number;
      readonly waitedNanos: number;
      readonly reasons: readonly { readonly code: string; readonly message: string }[];
    } | null;
  }[];
  readonly backend: { readonly kind: string; readonly url: string; readonly traceURL: string | null } | null;
  readonly trace: {
    readonly startUnixNano: string;
    readonly durationNanos: number;
    readonly resources: readonly { readonly attributes: Readonly<Record<string, unknown>> }[];
    readonly notes?: readonly { readonly code: string }[];
    readonly spans: readonly JSONSpan[];
  } | null;
  readonly summary: {
    readonly components: readonly { readonly component: string; readonly nanos: number }[];
    readonly findings: readonly {
      readonly id: string;
      readonly title: string;
      readonly headline?: string;
      readonly detail: string;
      readonly hint: string | null;
      readonly command: string | null;
      readonly nanos: number;
      readonly share: number;
      readonly spanIDs: readonly string[];
    }[];
  } | null;
  readonly error: { readonly code: number; readonly reason: string; readonly message: string } | null;
}

/** Reads standard output as exactly one document that the published schema describes. */
export function parseDocument(stdout: string): Document {
  const document: unknown = JSON.parse(stdout);
  assert.ok(validate(document), JSON.stringify(validate.errors, null, 2));
  return document as Document;
}

export interface PodDocument {
  readonly kind: 'PodTrace';
  readonly exitCode: number;
  readonly subject: { readonly kind: string; readonly namespace: string | null; readonly name: string };
  readonly verdict: {
    readonly state: string;
    readonly stage: string;
    readonly reason: string | null;
    readonly waitingFor: { readonly kind: string; readonly name: string } | null;
    readonly evidence: readonly { readonly kind: string; readonly text: string }[];
    readonly notes: readonly { readonly text: string }[];
  } | null;
  readonly clock: { readonly aheadNanos: number | null; readonly uncertaintyNanos: number | null } | null;
  readonly pods: readonly {
    readonly name: string;
    readonly uid: string;
    readonly startTime: string;
    readonly durationNanos: number;
    readonly namespace: string;
    readonly verdict: { readonly state: string; readonly reason: string | null; readonly message: string | null };
    readonly earlierEvents: number;
    readonly traced: boolean;
    readonly stages: readonly {
      readonly stage: string;
      readonly startOffsetNanos: number;
      readonly durationNanos: number;
      readonly source: string;
      readonly open: boolean;
    }[];
  }[];
  readonly set: {
    readonly total: number;
    readonly replaced: number;
    readonly counts: Readonly<Record<string, number>>;
    readonly service: { readonly selector: string | null; readonly endpoints: number | null } | null;
  } | null;
  readonly podsLeftOut: number;
  readonly gaps: readonly { readonly what: string; readonly why: string }[];
  readonly requests: readonly { readonly status: number | null; readonly outcome: string | null }[];
  readonly trace: { readonly spans: readonly JSONSpan[] } | null;
  readonly error: { readonly code: number; readonly reason: string; readonly message: string } | null;
}

/** Reads standard output as exactly one document of pods that the published schema describes. */
export function parsePodDocument(stdout: string): PodDocument {
  const document: unknown = JSON.parse(stdout);
  assert.ok(validatePods(document), JSON.stringify(validatePods.errors, null, 2));
  return document as PodDocument;
}

export interface CommandList {
  readonly items: readonly {
    readonly traceID: string;
    readonly commandTraceID: string;
    readonly serverTraceIDs: readonly string[];
    readonly verdict: string | null;
    readonly finding: string | null;
    readonly exitCode: number;
  }[];
}

/** Reads standard output as exactly one list of commands that the published schema describes. */
export function parseCommandList(stdout: string): CommandList {
  const document: unknown = JSON.parse(stdout);
  assert.ok(validateCommands(document), JSON.stringify(validateCommands.errors, null, 2));
  return document as CommandList;
}

export interface GlossaryDocument {
  readonly items: readonly { readonly name: string; readonly group: string; readonly also: readonly string[] }[];
}

/** Reads standard output as exactly one glossary that the published schema describes. */
export function parseGlossary(stdout: string): GlossaryDocument {
  const document: unknown = JSON.parse(stdout);
  assert.ok(validateGlossary(document), JSON.stringify(validateGlossary.errors, null, 2));
  return document as GlossaryDocument;
}

/** The document of `version -o json`. */
interface VersionDocument {
  readonly clientVersion: {
    readonly gitVersion: string;
    readonly platform: string;
    readonly executable: boolean;
  };
}

/** The document that `version -o json` printed, checked against schema/version.schema.json. */
export function parseVersion(stdout: string): VersionDocument {
  const document: unknown = JSON.parse(stdout);
  assert.ok(validateVersion(document), JSON.stringify(validateVersion.errors, null, 2));
  return document as VersionDocument;
}

/** The parts of a diagnosis that tests look at. */
export interface DiagnosisDocument {
  readonly kind: 'Diagnosis';
  readonly exitCode: number;
  readonly cluster: { readonly server: string | null; readonly kind: string | null };
  readonly state: string | null;
  readonly causes: readonly string[];
  readonly brokenLink: string | null;
  readonly checks: readonly {
    readonly id: string;
    readonly state: string;
    readonly causes: readonly string[];
    readonly summary: string;
    readonly looked: readonly string[];
    readonly fix: readonly string[];
    readonly docs: string;
  }[];
  readonly canary: { readonly traceID: string; readonly backend: { readonly foundBy: string | null } | null } | null;
  readonly error: { readonly code: number; readonly reason: string; readonly message: string } | null;
}

/** As `parseDocument`, of `doctor`. */
export function parseDiagnosis(stdout: string): DiagnosisDocument {
  const document: unknown = JSON.parse(stdout);
  assert.ok(validateDiagnosis(document), JSON.stringify(validateDiagnosis.errors, null, 2));
  return document as DiagnosisDocument;
}
