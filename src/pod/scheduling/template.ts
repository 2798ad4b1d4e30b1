/** A name in quotes, as Go's %q writes it. */
const QUOTED = '"((?:[^"\\\\]|\\\\.)*)"';

/**
 * The expression for a message of Go's fmt: `%q` is a text in quotes, `%d` a number, and any other verb a text. Each verb
 * is a group. The last verb takes the rest of the message, lines included; earlier ones as little as they can.
 */
export function templateExpression(template: string): RegExp {
  const parts = template.split(/(%\+?[a-zA-Z])/);
  const last = parts.findLastIndex((part) => part.startsWith('%'));
  const source = parts.map((part, index) => {
    if (part === '%q') return QUOTED;
    if (part === '%d') return '(-?\\d+)';
    if (part.startsWith('%')) return index === last ? '([^]*)' : '([^]*?)';
    return part.replaceAll(/[$()*+.?[\\\]^{|}/]/g, String.raw`\$&`);
  });
  return new RegExp(`^${source.join('')}$`);
}

/** Undefined when the message is not of this template; otherwise the texts of its verbs. */
export function readTemplate(expression: RegExp, message: string): readonly string[] | undefined {
  return expression.exec(message)?.slice(1);
}
