import type { GetInvocation } from '../cli/invocation.ts';

/** The command's span name, as it was typed: `kubectl trace get nodes`. Credentials are out of `args` already. */
export const commandName = ({ args }: GetInvocation): string => ['kubectl trace', ...args].join(' ');
