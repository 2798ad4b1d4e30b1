/** An admission webhook as the cluster has it configured, as far as it affects time. */
export interface WebhookConfiguration {
  /** Name of the webhook, as its span has it: `policy.example.com`. */
  readonly name: string;
  /** The object that it is configured in. */
  readonly configuration: string;
  readonly type: 'mutating' | 'validating';
  readonly timeoutSeconds: number;
  /** Policy when the webhook does not respond. */
  readonly failurePolicy: 'Fail' | 'Ignore';
  /** Whether later webhooks' changes have it called again; null for validating ones. */
  readonly reinvocationPolicy: 'Never' | 'IfNeeded' | null;
}
