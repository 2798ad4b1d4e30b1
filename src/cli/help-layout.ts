import type { Flag } from './flag.ts';

/** Columns of a terminal of the usual size. */
const WIDTH = 80;
const INDENT = 28;

/** A heading, and indented lines below it. */
export function section(title: string, lines: readonly string[]): string {
  return `${title}:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

/** Names and their texts in two columns. A name that is too long for the first column has its text on the next line. */
export function columns(rows: readonly (readonly [name: string, text: string])[]): string {
  const indent = Math.min(INDENT, Math.max(...rows.map(([name]) => name.length)) + 4);
  return rows
    .map(([name, text]) => {
      const body = wrap(text, indent);
      const fits = name.length + 4 <= indent;
      return fits ? `  ${name.padEnd(indent - 2)}${body.trimStart()}` : `  ${name}\n${body}`;
    })
    .join('\n');
}

export function flagRows(flags: readonly Flag[]): string {
  return columns(flags.map((flag) => [flagNames(flag), flagHelp(flag)] as const));
}

/** `-o, --output FORMAT`. Flags that work without a value take one only after `=`: `--show-response=FORMAT`. */
function flagNames(flag: Flag): string {
  const text = flagSyntax(flag);
  return flag.alias === undefined ? `    ${text}` : text;
}

export function flagSyntax({ name, alias, placeholder, implied }: Flag): string {
  const names = `${alias === undefined ? '' : `-${alias}, `}--${name}`;
  return placeholder === undefined ? names : `${names}${implied === undefined ? ' ' : '='}${placeholder}`;
}

/** The sentence of a flag, with the values that it accepts and its default. */
export function flagHelp({ help, choices, default: value }: Flag): string {
  const oneOf = choices === undefined ? '' : `. One of: ${choices.join(', ')}`;
  return `${help}${oneOf}${value === undefined ? '' : ` (default ${value})`}`;
}

/** Lines of at most {@link WIDTH} columns, each indented. */
export function wrap(text: string, indent = 0): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((content) => ' '.repeat(indent) + content).join('\n');
}
