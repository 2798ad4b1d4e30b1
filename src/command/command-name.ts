/** The command's span name, as it was typed: `kubectl trace get nodes`. Credentials are out of `args` already. */
export const commandName = ({ args }: { readonly args: readonly string[] }): string =>
  ['kubectl trace', ...args].join(' ');
