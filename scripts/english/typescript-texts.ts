import type { TextKind } from './phrases.ts';

/** One text to check, with the number of its first line. */
export interface FoundText {
  readonly line: number;
  readonly kind: TextKind;
  readonly text: string;
}

/** Tokens before which a slash starts a regular expression; after any other token it divides. */
const BEFORE_REGEX = /(?:^|[([{}=,:;!&|?+*<>~%^-]|\b(?:return|typeof|case|of|in|yield|await|throw))$/;

const BLANK = /\s+/y;
const COMMENT = /\/\/[^\n]*|\/\*.*?\*\//sy;
const LINE_COMMENTS = /\/\/[^\n]*(?:\n[ \t]*\/\/[^\n]*)*/y;
const QUOTED = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/sy;
const WORD = /[\w$]+/y;
const TEMPLATE = /[`}](?:\\.|(?!\$\{)[^`\\])*(?:`|\$\{)/sy;
const REGEX = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])*\/[a-z]*/y;

/** Comments and messages of a TypeScript source. A string without a space is a name, not a message. */
export function textsOfSource(source: string): FoundText[] {
  const found: FoundText[] = [];
  for (const { kind, text, line } of tokensOf(source)) {
    if (kind === 'comment') found.push({ line, kind, text: proseOfComment(text) });
    else if (kind === 'quoted' || kind === 'template') {
      const prose = text.slice(1, text.endsWith('${') ? -2 : -1);
      if (/\S\s+\S/.test(prose)) found.push({ line, kind: 'message', text: prose });
    }
  }
  return found;
}

/** Titles of the tests in a test file: the first argument of `test`, `describe` and their like. */
export function titlesOf(source: string): FoundText[] {
  const found: FoundText[] = [];
  let before: string[] = [];
  let title: { line: number; text: string } | undefined;
  for (const { kind, text, line } of tokensOf(source)) {
    if (kind === 'comment') continue;
    const isFirst = before.at(-1) === '(' && /^(?:test|it|describe|suite|skip|only)$/.test(before.at(-2) ?? '');
    if (isFirst && (kind === 'quoted' || kind === 'template')) title = { line, text };
    else if (title !== undefined && kind === 'template') title.text += text;
    if (title !== undefined && !title.text.endsWith('${') && kind !== 'other') {
      const words = title.text.slice(1, -1).replaceAll('${}', '…');
      found.push({ line: title.line, kind: 'title', text: words });
      title = undefined;
    }
    before = [...before.slice(-1), text];
  }
  return found;
}

/** Strings and templates of a source, each complete: what a template puts in is `…`. */
export function stringsOf(source: string): string[] {
  const found: string[] = [];
  const open: string[] = [];
  for (const { kind, text } of tokensOf(source)) {
    if (kind === 'quoted') found.push(text.slice(1, -1));
    if (kind !== 'template') continue;
    const whole = (text.startsWith('`') ? '' : `${open.pop()}…`) + text.slice(1, text.endsWith('${') ? -2 : -1);
    if (text.endsWith('${')) open.push(whole);
    else found.push(whole);
  }
  return found.map((text) => text.replaceAll(/\\(['"`])/g, '$1'));
}

interface Token {
  readonly kind: 'comment' | 'quoted' | 'template' | 'other';
  readonly text: string;
  readonly line: number;
}

/** A lexer that knows comments, strings, templates and regular expressions, and nothing else. */
function* tokensOf(source: string): Generator<Token> {
  const templates: number[] = [];
  let before = '';
  let braces = 0;
  let line = 1;
  let index = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = index;
    return pattern.exec(source)?.[0];
  };
  while (index < source.length) {
    const blank = match(BLANK);
    const comment = blank === undefined ? (match(LINE_COMMENTS) ?? match(COMMENT)) : undefined;
    const isTemplate = source[index] === '`' || (source[index] === '}' && templates.at(-1) === braces);
    let text = blank ?? comment;
    if (text === undefined) {
      text = isTemplate
        ? match(TEMPLATE)!
        : (match(QUOTED) ?? match(WORD) ?? regexAfter(before, match) ?? source[index]!);
      if (isTemplate) {
        if (text.startsWith('}')) templates.pop();
        if (text.endsWith('${')) templates.push(braces);
      } else if (text === '{') braces++;
      else if (text === '}') braces--;
      before = isTemplate && text.endsWith('${') ? '(' : text;
    }
    if (blank === undefined) yield { kind: kindOf(text, comment !== undefined, isTemplate), text, line };
    line += text.split('\n').length - 1;
    index += text.length;
  }
}

function regexAfter(before: string, match: (pattern: RegExp) => string | undefined): string | undefined {
  return BEFORE_REGEX.test(before) ? match(REGEX) : undefined;
}

function kindOf(text: string, isComment: boolean, isTemplate: boolean): Token['kind'] {
  if (isComment) return 'comment';
  if (isTemplate) return 'template';
  return /^['"]/.test(text) ? 'quoted' : 'other';
}

/** The words of a comment on one line, without its marks. */
function proseOfComment(comment: string): string {
  return comment
    .replace(/^\/\*+|\*+\/$/g, '')
    .split('\n')
    .map((line) => line.replace(/^\s*(?:\/\/|\*)?\s*/, '').trimEnd())
    .join(' ')
    .trim();
}
