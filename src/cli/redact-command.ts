export const REDACTED = 'REDACTED';

/** What flags, settings and variables that hold credentials are called, in any program. */
const SECRET = /pass(word|wd|phrase)?$|token|secret|credential|api-?key|private-?key|from-literal/i;

/**
 * The arguments of a command of somebody else's as they may be shown and stored. What its flags mean is not known, so that
 * everything goes that is called like a credential: `--token X`, `--password=X`, `--set db.password=X`,
 * `--from-literal=key=X`. Files of credentials are named as they are.
 */
export function redactCommand(args: readonly string[]): string[] {
  let isValue = false;
  return args.map((argument) => {
    if (isValue) {
      isValue = false;
      if (!argument.startsWith('-')) return REDACTED;
    }
    const [, flag] = /^--?([^=]+)$/.exec(argument) ?? [];
    isValue = flag !== undefined && isSecret(flag);
    return redactSettings(argument);
  });
}

const isSecret = (name: string): boolean => SECRET.test(name) && !/file$/i.test(name);

/** `--name=value`, and of `a=1,b.password=2,c` all from the secret on: it may have commas in it. */
function redactSettings(argument: string): string {
  const [, name = '', value] = /^([^=]+)=(.*)$/s.exec(argument) ?? [];
  if (value === undefined) return argument;
  if (isSecret(name)) return `${name}=${REDACTED}`;
  if (name.startsWith('-') && value.includes('=')) return `${name}=${redactSettings(value)}`;
  const secret = [...argument.matchAll(/(?:^|,)([^=,]+)=/g)].find(([, key = '']) => isSecret(key));
  return secret === undefined ? argument : argument.slice(0, secret.index + secret[0].length) + REDACTED;
}
