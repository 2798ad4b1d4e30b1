/** A name in quotes, as Go's %q writes it. */
const QUOTED = '"((?:[^"\\\\]|\\\\.)*)"';

/**
 * A message of Go's fmt, cut at its free verbs. The text between two verbs has a fixed shape, and is searched for from
 * left to right, so that reading takes time linear in the message. A single expression would try every way to divide
 * the message among its verbs.
 */
export interface Template {
  /** Beginning of the message. */
  readonly head: RegExp;
  /** Text after each free verb; undefined at the end, where there is no such text. The last one ends the message. */
  readonly parts: readonly (RegExp | undefined)[];
}

/**
 * `%q` is a text in quotes, `%d` a number, and any other verb a text: as little as it can be, and the last one the rest of
 * the message, lines included.
 */
export function compileTemplate(template: string): Template {
  const shapes = [''];
  for (const part of template.split(/(%\+?[a-zA-Z])/)) {
    if (part === '%q') shapes.push(shapes.pop() + QUOTED);
    else if (part === '%d') shapes.push(`${shapes.pop()}(-?\\d+)`);
    else if (part.startsWith('%')) shapes.push('');
    else shapes.push(shapes.pop() + part.replaceAll(/[$()*+.?[\\\]^{|}/]/g, String.raw`\$&`));
  }
  const [head = '', ...rest] = shapes;
  return {
    head: new RegExp(rest.length === 0 ? `${head}$` : head, 'y'),
    parts: rest.map((shape, index) => {
      const isLast = index === rest.length - 1;
      return isLast && shape === '' ? undefined : new RegExp(isLast ? `${shape}$` : shape, 'g');
    }),
  };
}

/** Undefined when the message is not of this template; otherwise the texts of its verbs. */
export function readTemplate({ head, parts }: Template, message: string): readonly string[] | undefined {
  const first = matchFrom(head, message, 0);
  if (first === undefined) return undefined;
  const words = first.slice(1);
  let index = first[0].length;
  for (const part of parts) {
    if (part === undefined) return [...words, message.slice(index)];
    const found = matchFrom(part, message, index);
    if (found === undefined) return undefined;
    words.push(message.slice(index, found.index), ...found.slice(1));
    index = found.index + found[0].length;
  }
  return words;
}

function matchFrom(expression: RegExp, text: string, from: number): RegExpExecArray | undefined {
  expression.lastIndex = from;
  return expression.exec(text) ?? undefined;
}
