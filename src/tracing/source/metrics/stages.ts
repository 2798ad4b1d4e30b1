import type { Exemplar } from '../../../codec/metrics/exemplars.ts';
import { tableOf } from '../../../format/table-of.ts';
import type { Component } from '../../../analysis/timing/component.ts';
import type { SpanKind } from '../../../trace/span.ts';

/** How the duration that a metric observed becomes a row of the tree. */
export interface Stage {
  /**
   * A stage lies within one of a lower rank: the request 0, filters and admission steps 1, queue and plug-ins 2,
   * webhooks and policies 3, HTTP calls 4, DNS look-ups 5.
   */
  readonly rank: number;
  readonly name: string;
  readonly kind: SpanKind;
  /** Where the name does not say it. */
  readonly component?: Component;
  /** Attributes with the names that spans of the API server have. */
  readonly attributes?: Readonly<Record<string, string>>;
}

type Labels = Exemplar['labels'];

const internal = (rank: number, name: string, more: Partial<Stage> = {}): Stage => ({
  rank,
  name,
  kind: 'internal',
  ...more,
});

export const REQUEST_DURATION = 'apiserver_request_duration_seconds';
/** The only one of a request that the API server does not count as such: of no resource, or passed on. */
export const EXECUTION = 'apiserver_flowcontrol_request_execution_seconds';
export const FILTER_DURATION = 'apiserver_request_filter_duration_seconds';
export const QUEUE_WAIT = 'apiserver_flowcontrol_request_wait_duration_seconds';
export const BODY_SIZE = 'apiserver_request_body_size_bytes';
export const ADMISSION_STEP = 'apiserver_admission_step_admission_duration_seconds';
export const ADMISSION_PLUGIN = 'apiserver_admission_controller_admission_duration_seconds';
export const AUTHORIZATION = 'authorization_duration_seconds';
export const ADMISSION_WEBHOOK = 'apiserver_admission_webhook_admission_duration_seconds';
const VALIDATING_POLICY = 'apiserver_validating_admission_policy_check_duration_seconds';
const MUTATING_POLICY = 'apiserver_mutating_admission_policy_check_duration_seconds';
/** Policies that two of the plug-ins check. */
export const POLICY_CHECKS: readonly string[] = [VALIDATING_POLICY, MUTATING_POLICY];
const AUTHORIZATION_WEBHOOK = 'apiserver_authorization_webhook_duration_seconds';
const CONVERSION_WEBHOOK = 'apiserver_conversion_webhook_duration_seconds';
/** Several calls of one request may share a series of these. */
export const WEBHOOK_METRICS: readonly string[] = [ADMISSION_WEBHOOK, AUTHORIZATION_WEBHOOK, CONVERSION_WEBHOOK];

const webhook = ({ type, name = '', operation = '' }: Labels): Stage =>
  internal(3, `Call ${type === 'admit' ? 'mutating' : 'validating'} webhook`, {
    attributes: { webhook: name, operation },
  });

/**
 * The metrics that the API server observes within a request's context, since Kubernetes 1.32 with exemplars. Each value
 * ends when it was observed. Those that are observed later than they end have no entry. A metric that a version does not
 * have, or an administrator has hidden, is a row less.
 */
const STAGES: Readonly<Record<string, (labels: Labels) => Stage>> = tableOf({
  [FILTER_DURATION]: ({ filter = '' }: Labels) => internal(1, filter),
  [QUEUE_WAIT]: ({ priority_level: level = '' }: Labels) => internal(2, `queue of priority level ${level}`),
  [AUTHORIZATION_WEBHOOK]: ({ name = '' }: Labels) => internal(2, `authorization webhook ${name}`.trim()),
  apiserver_authorization_match_condition_evaluation_seconds: ({ name = '' }: Labels) =>
    internal(2, `match conditions of authorizer ${name}`.trim()),
  [ADMISSION_STEP]: ({ type }: Labels) => internal(1, type === 'admit' ? 'mutating admission' : 'validating admission'),
  [ADMISSION_PLUGIN]: ({ name = '' }: Labels) => internal(2, name),
  [ADMISSION_WEBHOOK]: webhook,
  apiserver_admission_match_condition_evaluation_seconds: ({ name = '' }: Labels) =>
    internal(3, `match conditions of ${name}`),
  [VALIDATING_POLICY]: ({ policy = '' }: Labels) => internal(3, `validating policy ${policy}`),
  [MUTATING_POLICY]: ({ policy = '' }: Labels) => internal(3, `mutating policy ${policy}`),
  apiserver_watch_cache_read_wait_seconds: () => internal(1, 'wait for the watch cache'),
  apiserver_watch_list_duration_seconds: () => internal(1, 'initial list of the watch'),
  [CONVERSION_WEBHOOK]: () => internal(3, 'Call conversion webhook'),
  rest_client_request_duration_seconds: ({ verb = '', host = '' }: Labels) => ({
    rank: 4,
    name: `HTTP ${verb} ${host}`.trim(),
    kind: 'client',
    attributes: { 'server.address': host },
  }),
  rest_client_dns_resolution_duration_seconds: ({ host = '' }: Labels) =>
    internal(5, `DNS ${host}`.trim(), { component: 'network' }),
});

/** Read beside the stages: for the request as a whole, a moment in it, or a value without a position. */
const OTHERS = [REQUEST_DURATION, EXECUTION, BODY_SIZE, AUTHORIZATION];

/** The metrics to request. */
export const METRIC_NAMES: readonly string[] = [...OTHERS, ...Object.keys(STAGES)];

/** Undefined for a metric that has no row. */
export const stageOf = ({ metric, labels }: Exemplar): Stage | undefined => STAGES[metric]?.(labels);
