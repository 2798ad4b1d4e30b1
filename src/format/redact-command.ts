import { REDACTED, redactText } from './redact-text.ts';
import { commandsIn } from './shell-script.ts';
import { isFileName, isFileOfKey, isSecretHeader, isSecretName } from './secret-names.ts';

/**
 * The arguments of another program's command as they may be shown and stored. Its flags are not known, so that every
 * value goes that is called like a credential (`--token X`, `DB_PASSWORD=X`, `--set db.password=X`) or looks like one
 * (see redactText). Names of files are no credentials, and stay.
 */
export function redactCommand(args: readonly string[]): string[] {
  // kubectl exec POD -- COMMAND
  const dashes = args.indexOf('--');
  if (dashes > 0) return [...redactCommand(args.slice(0, dashes)), '--', ...redactCommand(args.slice(dashes + 1))];
  const command = commandOf(args);
  const shown: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const argument = args[at]!;
    const kind = valueKind(argument, command) ?? namedKind(argument, command);
    shown.push(kind === undefined ? redactArgument(argument, command) : argument);
    const value = args[at + 1];
    if (kind === undefined || value === undefined || (kind === 'secret' && value.startsWith('-'))) continue;
    at++;
    shown.push(
      kind === 'secret' && (isFileOfKey(argument, value) || isSwitch(value)) ? value : redactValue(kind, value),
    );
  }
  return shown;
}

/** Kind of a flag's value, as far as it may hold a secret. */
type ValueKind = 'secret' | 'literal' | 'header' | 'user' | 'script';

interface Command {
  /** `kubectl`, without the folders before it. */
  readonly program: string;
  /** It reads or writes Secrets: `kubectl patch secret db -p …`. */
  readonly isOfSecrets: boolean;
  /** `docker login`, `helm registry login`: there -p is a password. */
  readonly isLogin: boolean;
  /** `kubectl config set users.jane.token X` */
  readonly sets: boolean;
}

function commandOf(args: readonly string[]): Command {
  const path = args.find((word) => !BEFORE_PROGRAM.has(word) && !/^[A-Za-z_]\w*=/.test(word)) ?? '';
  const program = path.slice(path.lastIndexOf('/') + 1);
  return {
    program,
    isOfSecrets: args.some((word) => /^secrets?(?:$|[/,.])/i.test(word)),
    isLogin: args.includes('login') || program === 'sshpass',
    sets: args.includes('config') && args.includes('set'),
  };
}

/** Words before the name of the program, as are assignments. */
const BEFORE_PROGRAM = new Set(
  'env sudo exec export time nice nohup command if while until then do else { !'.split(' '),
);

/** After a name that stands alone. */
const namedKind = (argument: string, { sets }: Command): ValueKind | undefined =>
  sets && !argument.startsWith('-') && argument.includes('.') && isSecretName(argument) ? 'secret' : undefined;

/** Kind of the next argument; undefined where it is an ordinary argument. */
function valueKind(argument: string, command: Command): ValueKind | undefined {
  const [, flag] = /^--?([^=\s]+)$/.exec(argument) ?? [];
  if (flag === undefined) return undefined;
  const kind = kindOf(flag, argument.startsWith('--'), command);
  if (kind !== undefined || !/^-[A-Za-z]{2,8}$/.test(argument)) return kind;
  // `curl -sSu user:password`, `bash -ec SCRIPT`: of several letters the last one has the value.
  return kindOf(flag.at(-1)!, false, command);
}

function kindOf(flag: string, isLong: boolean, { isOfSecrets, isLogin, program }: Command): ValueKind | undefined {
  // A literal of a config map goes where its name or its form says that it is a secret.
  if (flag === 'from-literal') return isOfSecrets ? 'literal' : undefined;
  if (flag === 'header' || flag === 'H' || flag === 'proxy-header') return 'header';
  if (flag === 'u' || flag === 'user' || flag === 'U' || flag === 'proxy-user') return 'user';
  if (isOfSecrets && (flag === 'p' || flag === 'patch' || flag === 'overrides')) return 'secret';
  if ((flag === 'p' && isLogin) || (flag === 'a' && program === 'redis-cli')) return 'secret';
  if (flag === 'b' && program === 'curl') return 'literal';
  if (flag === 'c' && SHELLS.has(program)) return 'script';
  return (isLong || flag.length > 1) && isSecretName(flag) ? 'secret' : undefined;
}

const SHELLS = new Set(['sh', 'bash', 'dash', 'ash', 'ksh', 'zsh', 'busybox', 'su']);

function redactValue(kind: ValueKind, value: string): string {
  if (kind === 'script') return redactScript(value);
  if (kind === 'header') return redactHeader(value);
  if (kind === 'user') return redactUser(value);
  return kind === 'literal' && value.includes('=') ? `${value.slice(0, value.indexOf('='))}=${REDACTED}` : REDACTED;
}

/** `Name: value`, with or without the blank. */
function redactHeader(header: string): string {
  const at = header.indexOf(':');
  const name = header.slice(0, Math.max(0, at)).trim();
  return at > 0 && isSecretHeader(name) ? `${header.slice(0, at)}: ${REDACTED}` : redactText(header);
}

/** Each of its commands as one that stands alone; then what looks like a credential anywhere. */
function redactScript(script: string): string {
  const shown: string[] = [];
  let from = 0;
  for (const words of commandsIn(script)) {
    const redacted = redactCommand(words.map(({ text }) => text));
    for (const [index, { text, from: begin, end }] of words.entries()) {
      if (redacted[index] === text) continue;
      const quote = /["']/.exec(script[begin]!)?.[0] ?? '';
      shown.push(script.slice(from, begin), quote, redacted[index]!, quote);
      from = end;
    }
  }
  return redactText([...shown, script.slice(from)].join(''));
}

/** `user:password`; `1000:1000` are numbers of a user and a group, and `system:admin` is a name of Kubernetes. */
function redactUser(user: string): string {
  const at = user.indexOf(':');
  if (at === -1 || /^\d+:\d*$/.test(user) || user.startsWith('system:')) return redactText(user);
  return `${user.slice(0, at)}:${REDACTED}`;
}

/** `-uuser:password`, `-HName: value`, `-p{…}` and mysql's `-pPassword`: the value follows its letter. */
const ATTACHED = /^-([HUup])=?([^=].*)$/s;

function redactArgument(argument: string, command: Command): string {
  if (argument.startsWith('-') && !argument.startsWith('--')) {
    const [, letter = '', value = ''] = ATTACHED.exec(argument) ?? [];
    const kind =
      letter === 'p' && /^(?:mysql|mariadb)/.test(command.program) ? 'secret' : kindOf(letter, false, command);
    if (value !== '' && kind !== undefined) {
      const shown = redactValue(kind, value);
      if (shown !== value) return argument.slice(0, argument.length - value.length) + shown;
    }
  }
  return redactSettings(argument, command);
}

/** `name=value`, also several times: `--set=a.password=x`, and of `a=1,b.password=2,c` all from the secret on. */
function redactSettings(argument: string, command: Command): string {
  const first = argument.indexOf('=');
  // A URL, JSON and a script have equal signs that are not the flag's.
  if (first <= 0 || !/^[\w.,[\]/:-]+$/.test(argument.slice(0, Math.min(first, MAX_NAME_BYTES))))
    return redactText(argument);
  const name = argument.slice(0, first);
  const value = argument.slice(first + 1);
  const kind = name.startsWith('-') ? kindOf(name.replace(/^--?/, ''), true, command) : undefined;
  if (isFileName(name) || isFileOfKey(name, value) || isSwitch(value)) return `${name}=${redactText(value)}`;
  if (kind !== undefined) return `${name}=${redactValue(kind, value)}`;
  for (const { index, 0: found, 1: of = '' } of argument.matchAll(SETTING_NAME)) {
    const end = index + found.length;
    if (isSecretName(of) && !isSwitch(upToComma(argument.slice(end))))
      return redactText(argument.slice(0, end)) + REDACTED;
  }
  return redactText(argument);
}

/** `automountServiceAccountToken=false` */
const isSwitch = (value: string): boolean => /^(?:true|false|yes|no|null|)$/i.test(value);

const MAX_NAME_BYTES = 400;
const SETTING_NAME = /(?<=[,=]|^-{0,2})([\w.[\]/-]{1,80})=/g;

const upToComma = (text: string): string => /^[^,]{0,10}/.exec(text)?.[0] ?? '';

type Query = readonly (readonly [name: string, value: string])[];

/** A request's query as it may be shown and stored. `exec` has its command there, a parameter for each word. */
export function redactQuery(query: Query): Query {
  const command = redactCommand(query.flatMap(([name, value]) => (name === 'command' ? [value] : []))).values();
  return query.map(([name, value]) => {
    if (name === 'command') return [name, command.next().value ?? value];
    return [name, isSecretName(name) && value !== '' ? REDACTED : redactText(value)];
  });
}
