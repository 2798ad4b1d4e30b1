import type { Flag } from './flag.ts';
import { takeFlags, type KubectlLine } from './kubectl-line.ts';
import { CONNECTION_FLAGS } from './options/connection.ts';
import type { FlagWord } from './split.ts';

/** Flags that would lead kubectl around the proxy: they say where the proxy leads, and kubectl does not get them. */
const AROUND = new Set(
  `cache-dir certificate-authority client-certificate client-key insecure-skip-tls-verify kubeconfig password proxy-url server
   tls-server-name token username`.split(/\s+/),
);

/** Flags that say the same and stay with kubectl: the proxy's kubeconfig has the names that they choose. */
const CHOOSING = new Set('as as-group as-uid as-user-extra cluster context kuberc namespace user'.split(' '));

const isAroundProxy = ({ name }: Flag): boolean => AROUND.has(name);

/** Names of connection flags with a value in the next argument. */
export const NAMES_WITH_VALUE: ReadonlySet<string> = new Set(
  CONNECTION_FLAGS.flatMap(({ name, type }) => (type === 'boolean' ? [] : [name])),
);

/** `--user` of `create rolebinding` and `set subject` is not that of the connection. */
const OTHER_USER = new Set(['create', 'set']);

/** Flags that, behind a command of kubectl, say which server and user are meant. */
export const connectionOf = (verb: string): readonly Flag[] =>
  CONNECTION_FLAGS.filter(
    ({ name }) => AROUND.has(name) || (CHOOSING.has(name) && !(name === 'user' && OTHER_USER.has(verb))),
  );

/** The connection flags behind a command, and its other arguments. */
export function connectionBehind(verb: string, rest: readonly string[]): KubectlLine {
  return takeFlags(rest, { take: connectionOf(verb), valued: NAMES_WITH_VALUE });
}

/** The arguments of kubectl without the flags that would lead it around the proxy. */
export function throughProxy(args: readonly string[]): readonly string[] {
  return takeFlags(args, { take: CONNECTION_FLAGS.filter(isAroundProxy), valued: NAMES_WITH_VALUE }).args;
}

/** `--namespace=shop`: flags of the connection as kubectl gets them, wherever they stood. */
export const forwarded = (flags: readonly FlagWord[]): string[] =>
  plainConnection(flags.filter(({ flag }) => !isAroundProxy(flag)));

/** All connection flags, for kubectl without the proxy. */
export const plainConnection = (flags: readonly FlagWord[]): string[] =>
  flags.filter(({ flag }) => flag.group === 'connection').map(({ flag, value }) => `--${flag.name}=${value}`);
