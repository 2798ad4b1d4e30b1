import { counted } from '../../../format/counted.ts';
import { tableOf } from '../../../format/table-of.ts';
import { shell } from '../../../format/shell-command.ts';
import type { PlacedSpan } from '../../../trace/trace.ts';
import { textAttribute } from '../../attributes.ts';
import { conclude } from '../conclude.ts';
import type { Evidence } from '../trace-index.ts';
import type { WebhookConfiguration } from '../../webhook-configuration.ts';
import type { Finder } from '../finding.ts';
import { shellName } from '../shell.ts';
import { showsNothing, webhookTimeout } from './webhook-call.ts';

/** Admission webhooks, each by itself; a webhook may be called again after others changed the object. */
export const slowWebhooks: Finder = (evidence) => {
  const calls = evidence.named('apiserver', 'Call mutating webhook', 'Call validating webhook');
  return [...Map.groupBy(calls, webhookKey).values()].flatMap((own) => slowWebhook(evidence, own));
};

const webhookKey = ({ span }: PlacedSpan): string =>
  [span.name, textAttribute(span.attributes, 'configuration'), textAttribute(span.attributes, 'webhook')].join(' ');

function slowWebhook(evidence: Evidence, calls: readonly PlacedSpan[]): ReturnType<Finder> {
  const [{ span }] = calls as [PlacedSpan];
  const type = span.name === 'Call mutating webhook' ? 'mutating' : 'validating';
  const name = textAttribute(span.attributes, 'webhook');
  const configuration = textAttribute(span.attributes, 'configuration');
  const facts = evidence.facts.webhooks?.find(
    (webhook) => webhook.type === type && webhook.configuration === configuration && webhook.name === name,
  );
  const timeout = facts === undefined ? webhookTimeout(calls) : `${facts.timeoutSeconds} s`;
  const known = shellName(configuration);
  return conclude(evidence, {
    id: 'slow-webhook',
    parts: calls.map((call) => ({ span: call, nanos: evidence.criticalTime(call) })),
    was: `the ${type} webhook ${name ?? '(without a name)'}`,
    detail: [describe({ configuration, timeout, policy: facts?.failurePolicy, calls })],
    hint: `${whenItHangs(span, timeout, facts)}Narrow its rules, or add matchConditions.`,
    command: known === undefined ? null : shell`kubectl get ${type}webhookconfiguration ${known} -o yaml`,
  });
}

interface Known {
  readonly configuration: string | undefined;
  readonly timeout: string | undefined;
  readonly policy: string | undefined;
  readonly calls: readonly PlacedSpan[];
}

function describe({ configuration, timeout, policy, calls }: Known): string {
  const words = [
    configuration === undefined ? undefined : `configuration ${configuration}`,
    timeout === undefined ? undefined : `timeout ${timeout}`,
    policy === undefined ? undefined : `failurePolicy ${policy}`,
    calls.length > 1 ? `called ${counted(calls.length, 'time')}` : undefined,
  ].filter((word) => word !== undefined);
  const spans = calls.every(showsNothing)
    ? 'it exports no spans, so what it did is not visible.'
    : 'its own spans are in the tree.';
  return words.length === 0 ? spans : `${words.join(', ')}; ${spans}`;
}

const ACTIONS: Readonly<Record<string, string>> = tableOf({ CREATE: 'creation', UPDATE: 'update', DELETE: 'deletion' });

/** "If it hangs, every creation of configmaps waits 10 s, then fails." */
function whenItHangs(
  { attributes }: PlacedSpan['span'],
  timeout: string | undefined,
  facts?: WebhookConfiguration,
): string {
  if (timeout === undefined) return '';
  const action = ACTIONS[textAttribute(attributes, 'operation') ?? ''] ?? 'such request';
  const resource = /Resource=(\S+)$/.exec(textAttribute(attributes, 'resource') ?? '')?.[1];
  const then =
    facts === undefined ? '' : facts.failurePolicy === 'Ignore' ? ', then goes on without it' : ', then fails';
  const what = resource === undefined ? action : `${action} of ${resource}`;
  return `If it hangs, every ${what} waits ${timeout}${then}. `;
}
