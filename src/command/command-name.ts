import type { RequestInvocation } from '../cli/invocation.ts';

/** The command's span name, as it was typed: `kubectl trace get nodes`. Credentials are out of `args` already. */
export const commandName = ({ args }: Pick<RequestInvocation, 'args'>): string => ['kubectl trace', ...args].join(' ');
