declare const isShellCommand: unique symbol;

/**
 * A command that may be copied into a shell. Only `shell` and `powerShell` make one, so that no text of a cluster gets
 * into it without quotes; `readCommand` takes one from a document.
 */
export type ShellCommand = string & { readonly [isShellCommand]: true };

/** A part of a command, several words or none: shellPart` -n ${namespace}`. */
export class ShellPart {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Written as one word; of a list each is one. */
export type ShellValue = string | readonly string[] | ShellPart;

type Parts = readonly string[];
type Quote = (text: string) => string;

/**
 * A command for a POSIX shell: shell`kubectl get pod ${name}${inNamespace}`. Names, images and messages come from a
 * cluster and may hold anything, so that each is quoted (POSIX.1-2024, Shell Command Language §2.2.2).
 */
export const shell = ({ raw }: TemplateStringsArray, ...values: readonly ShellValue[]): ShellCommand =>
  build(raw, values, shellWord) as ShellCommand;

/** A part of such a command. */
export const shellPart = ({ raw }: TemplateStringsArray, ...values: readonly ShellValue[]): ShellPart =>
  new ShellPart(build(raw, values, shellWord));

/** A command for PowerShell, on nodes that run Windows (about_Quoting_Rules): typographic quotes count there as well. */
export const powerShell = ({ raw }: TemplateStringsArray, ...values: readonly ShellValue[]): ShellCommand =>
  build(raw, values, (text) => (PLAIN.test(text) ? text : `'${text.replaceAll(/['‘’‚‛]/g, '$&$&')}'`)) as ShellCommand;

export const noPart: ShellPart = new ShellPart('');

const PLAIN = /^[\w@%+=:,./-]+$/;

/** A text as one word of a POSIX shell. */
export const shellWord = (text: string): string => (PLAIN.test(text) ? text : singleQuoted(text));

const singleQuoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** A word that is shown in quotes whatever it is: a selector, a list. */
export const inQuotes = (text: string): ShellPart => new ShellPart(singleQuoted(text));

function build(parts: Parts, values: readonly ShellValue[], quote: Quote): string {
  let text = parts[0] ?? '';
  for (const [index, value] of values.entries()) {
    const startsWord = text === '' || text.endsWith(' ');
    const word = (one: string): string => (startsWord && one.startsWith('-') ? FLAG_LIKE : quote(one));
    text +=
      value instanceof ShellPart ? value.text : typeof value === 'string' ? word(value) : value.map(word).join(' ');
    text += parts[index + 1] ?? '';
  }
  return text;
}

/** Nothing of Kubernetes is called so that it would be read as a flag, such as `--server=…`: quotes do not help there. */
const FLAG_LIKE = 'NAME';

/** A command of a document, unless a shell would find more than plain words in it: then its words, quoted, as one. */
export const readCommand = (text: string): ShellCommand =>
  (HARMLESS.test(text) ? text : shellWord(text)) as ShellCommand;

/** Plain words, words in quotes, and a search in what is printed. */
const HARMLESS = /^(?:[\w@%+=:,./ -]|'[^']*'|\\')+(?: \| grep [\w.-]+)?$/;
