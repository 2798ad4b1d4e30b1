/** Characters that roff, or a typesetter behind it, prints otherwise than they are typed (groff_char(7), man-pages(7)). */
const SPECIAL: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  "'": '\\(aq',
  '"': '\\(dq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
};

/** Bytes of a line of source (man-pages(7)). A longer word is on a separate line. */
const WIDTH = 75;

/** Text as roff prints it. The result is ASCII, so that it does not depend on the encoding that man(1) expects. */
export function roff(text: string): string {
  return text.replaceAll(/[\\\-'"`^~]|[^\n -~]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return SPECIAL[character] ?? `\\[u${code.toString(16).toUpperCase().padStart(4, '0')}]`;
  });
}

/** A line that begins with a dot would be a request. */
const line = (text: string): string => (text.startsWith('.') ? `\\&${text}` : text);

/** Text that roff fills, on short lines. */
export function filled(text: string): string {
  const lines: string[] = [''];
  for (const word of roff(text).split(' ')) {
    const before = lines.at(-1) ?? '';
    if (before === '') lines[lines.length - 1] = word;
    else if (before.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${before} ${word}`;
    else lines.push(word);
  }
  return lines.map(line).join('\n');
}

export const bold = (text: string): string => `\\fB${roff(text)}\\fR`;

const italic = (text: string): string => `\\fI${roff(text)}\\fR`;

/** `-o, --output FORMAT` with its names in bold and its placeholder in italics. */
export function flagTag(syntax: string): string {
  const [, names = '', separator = '', placeholder = ''] = /^((?:-\w, )?--[\w-]+)(?:([ =])(.*))?$/.exec(syntax) ?? [];
  const shown = names.split(', ').map(bold).join(', ');
  return placeholder === '' ? shown : `${shown}${separator}${italic(placeholder)}`;
}

export const heading = (title: string): string => `.SH ${title.toUpperCase()}`;

export const subheading = (title: string): string => `.SS ${title}`;

export const paragraph = (text: string): string => `.PP\n${filled(text)}`;

/** An item with its tag before it. Both are roff. */
export const tagged = (tag: string, text: string): string => `.TP\n${tag}\n${text}`;

/** Lines as they are, indented. */
export const code = (lines: readonly string[]): string =>
  ['.RS 4', '.nf', ...lines.map((text) => line(roff(text))), '.fi', '.RE'].join('\n');

/** A reference to another page. */
export const reference = (page: string): string => `${bold(page)}(1)`;
