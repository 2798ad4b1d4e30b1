import { counted } from '../../../format/counted.ts';
import { shell } from '../../../format/shell-command.ts';
import { tableOf } from '../../../format/table-of.ts';
import type { PlacedSpan } from '../../../trace/trace.ts';
import { textAttribute } from '../../attributes.ts';
import type { WebhookConfiguration } from '../../webhook-configuration.ts';
import { defineTimeFinding, type FoundTime } from '../define-finding.ts';
import { shellName } from '../shell.ts';
import { atLeast } from '../thresholds.ts';
import type { TraceIndex } from '../trace-index.ts';
import { exportsNoSpans, webhookTimeout } from './webhook-call.ts';

/** Admission webhooks, each separately. A webhook may be called again after others changed the object. */
export const slowWebhook = defineTimeFinding({
  id: 'slow-webhook',
  threshold: atLeast(50, 10),
  title: ({ type, name }) => `the ${type} webhook ${name ?? '(unnamed)'}`,
  detail: (webhook) => {
    const { configuration, timeout, policy, calls } = webhook;
    const words = [
      configuration === undefined ? undefined : `configuration ${configuration}`,
      timeout === undefined ? undefined : `timeout ${timeout}`,
      policy === undefined ? undefined : `failurePolicy ${policy}`,
      calls.length > 1 ? `called ${counted(calls.length, 'time')}` : undefined,
    ].filter((word) => word !== undefined);
    const spans = calls.every(exportsNoSpans)
      ? 'it exports no spans, so its work is not visible.'
      : 'its own spans are in the tree.';
    return words.length === 0 ? spans : `${words.join(', ')}; ${spans}`;
  },
  hint: (webhook) => `${whenItHangs(webhook)}Narrow its rules, or add matchConditions.`,
  command: ({ type, configuration }) => {
    const name = shellName(configuration);
    return name === undefined ? null : shell`kubectl get ${type}webhookconfiguration ${name} -o yaml`;
  },
  find,
});

const ACTIONS: Readonly<Record<string, string>> = tableOf({ CREATE: 'creation', UPDATE: 'update', DELETE: 'deletion' });

/** "If it hangs, every creation of configmaps waits 10 s, then fails." */
function whenItHangs({ calls: [call], timeout, policy }: Webhook): string {
  if (timeout === undefined) return '';
  const { attributes } = call.span;
  const action = ACTIONS[textAttribute(attributes, 'operation') ?? ''] ?? 'such request';
  const resource = /Resource=(\S+)$/.exec(textAttribute(attributes, 'resource') ?? '')?.[1];
  const then = policy === undefined ? '' : policy === 'Ignore' ? ', then continues without it' : ', then fails';
  return `If it hangs, every ${resource === undefined ? action : `${action} of ${resource}`} waits ${timeout}${then}. `;
}

interface Webhook extends FoundTime {
  readonly type: 'mutating' | 'validating';
  readonly name: string | undefined;
  readonly configuration: string | undefined;
  readonly timeout: string | undefined;
  readonly policy: WebhookConfiguration['failurePolicy'] | undefined;
  readonly calls: readonly [PlacedSpan, ...PlacedSpan[]];
}

function find(index: TraceIndex): readonly Webhook[] {
  const calls = index.named('apiserver', 'Call mutating webhook', 'Call validating webhook');
  return [...Map.groupBy(calls, webhookKey).values()].map((own) =>
    webhookOf(index, own as [PlacedSpan, ...PlacedSpan[]]),
  );
}

const webhookKey = ({ span }: PlacedSpan): string =>
  [span.name, textAttribute(span.attributes, 'configuration'), textAttribute(span.attributes, 'webhook')].join(' ');

function webhookOf(index: TraceIndex, calls: readonly [PlacedSpan, ...PlacedSpan[]]): Webhook {
  const [{ span }] = calls;
  const type = span.name === 'Call mutating webhook' ? 'mutating' : 'validating';
  const name = textAttribute(span.attributes, 'webhook');
  const configuration = textAttribute(span.attributes, 'configuration');
  const found = index.context.webhooks?.find(
    (webhook) => webhook.type === type && webhook.configuration === configuration && webhook.name === name,
  );
  return {
    type,
    name,
    configuration,
    timeout: found === undefined ? webhookTimeout(calls) : `${found.timeoutSeconds} s`,
    policy: found?.failurePolicy,
    calls,
    parts: calls.map((call) => ({ span: call, nanos: index.criticalTime(call) })),
  };
}
