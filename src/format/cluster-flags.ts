/** Flags of kubectl with a value that say which server, and which user, are meant. Credentials are not repeated. */
const VALUED =
  /^--(?:kubeconfig|context|cluster|user|server|as|as-group|as-uid|as-user-extra|tls-server-name|certificate-authority|client-certificate|client-key|proxy-url)(?:=(.*))?$|^-s(.*)$/s;
const SWITCH = /^--insecure-skip-tls-verify(?:=|$)/;
const NAMESPACE = /^--namespace(?:=(.*))?$|^-n=?(.*)$/s;
/** Commands whose `--user` is not that of the connection. */
const OTHER_USER = new Set(['rolebinding', 'clusterrolebinding', 'subject']);

/**
 * The words of a command line that lead another command to the same cluster, as the same user. Commands to copy name
 * every namespace but `default`: it is repeated where it was given.
 */
export function clusterFlags(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  const own = end < 0 ? args : args.slice(0, end);
  const hasOtherUser = own.some((word) => OTHER_USER.has(word));
  const flags: string[] = [];
  for (let at = 0; at < own.length; at++) {
    const word = own[at]!;
    const valued = VALUED.exec(word);
    const namespace = valued === null ? NAMESPACE.exec(word) : null;
    const given = valued ?? namespace;
    if (given === null) {
      if (SWITCH.test(word)) flags.push(word);
      continue;
    }
    const attached = given[1] ?? (given[2] === '' ? undefined : given[2]);
    const next = attached === undefined ? own[++at] : undefined;
    const value = attached ?? next;
    const isRepeated = namespace === null ? !(hasOtherUser && word.startsWith('--user')) : value === 'default';
    if (value !== undefined && isRepeated) flags.push(word, ...(next === undefined ? [] : [next]));
  }
  return flags;
}

/** The values of those flags, without the flags. */
export const clusterFlagValues = (args: readonly string[]): readonly string[] =>
  clusterFlags(args)
    .map((word) => word.replace(/^--[a-z-]+(?:=|$)|^-[sn]/, ''))
    .filter((value) => value !== '');
