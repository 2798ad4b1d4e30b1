import { sources } from './architecture.ts';

export interface FoundRegex {
  /** Below src/, with its line: `render/escape.ts:7`. */
  readonly at: string;
  readonly source: string;
  readonly flags: string;
}

/** Tokens that may stand before a regular expression: after any other token a slash divides. */
const BEFORE = /(?:^|[([{}=,:;!&|?+*<>~%^-]|\b(?:return|typeof|case|of|in|yield|await|throw))$/;

/** Every regular expression that is written in src/ as one. */
export async function regexLiterals(): Promise<FoundRegex[]> {
  return [...(await sources())].flatMap(([file, text]) =>
    regexesOf(text).map(({ line, source, flags }) => ({ at: `${file}:${line}`, source, flags })),
  );
}

/** By a lexer that knows comments, texts, templates and regular expressions, and nothing else. */
export function regexesOf(text: string): { line: number; source: string; flags: string }[] {
  const found: { line: number; source: string; flags: string }[] = [];
  const templates: number[] = [];
  let before = '';
  let braces = 0;
  for (let at = 0; at < text.length;) {
    const rest = (pattern: RegExp): string | undefined => {
      const sticky = new RegExp(pattern.source, 'sy');
      sticky.lastIndex = at;
      return sticky.exec(text)?.[0];
    };
    const blank = rest(/\s+|\/\/[^\n]*|\/\*.*?\*\//);
    if (blank !== undefined) {
      at += blank.length;
      continue;
    }
    const isTemplate = text[at] === '`' || (text[at] === '}' && templates.at(-1) === braces);
    const token = isTemplate
      ? rest(/[`}](?:\\.|(?!\$\{)[^`\\])*(?:`|\$\{)/)!
      : (rest(/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|[\w$]+/) ??
        (BEFORE.test(before)
          ? rest(/\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])*\/[a-z]*/)
          : undefined) ??
        text[at]!);
    if (isTemplate) {
      if (token.startsWith('}')) templates.pop();
      if (token.endsWith('${')) templates.push(braces);
    } else if (token === '{') braces++;
    else if (token === '}') braces--;
    else if (token.length > 1 && token.startsWith('/')) {
      const end = token.lastIndexOf('/');
      const line = text.slice(0, at).split('\n').length;
      found.push({ line, source: token.slice(1, end), flags: token.slice(end + 1) });
    }
    before = isTemplate && token.endsWith('${') ? '(' : token;
    at += token.length;
  }
  return found;
}
