/** The command's span name, as it was typed: `kubectl trace get nodes`. Credentials are out of `args` already. */
export const commandName = ({ args }: { readonly args: readonly string[] }): string =>
  ['kubectl trace', ...args].join(' ');

/** The name of the span of a command that was run: its own, without ours before it. */
export const ranName = ({ args }: { readonly args: readonly string[] }): string =>
  args.slice(args.indexOf('--') + 1).join(' ');
