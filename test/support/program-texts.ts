import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { stringsOf } from '../../scripts/english/typescript-texts.ts';

const SOURCES = fileURLToPath(new URL('../../src/', import.meta.url));

/** A text with fewer characters besides its values fits to nearly everything. */
const MIN_LITERAL = 10;

/** A value with more words is a text, which has to be one of the program. */
const MAX_VALUE_WORDS = 4;

/** The texts of the program, as patterns of the lines that it prints. Each value that a text has is a group. */
const PATTERNS: readonly RegExp[] = globSync('**/*.ts', { cwd: SOURCES })
  .flatMap((path) => stringsOf(readFileSync(`${SOURCES}${path}`, 'utf8')))
  .flatMap((text) => {
    const parts = withoutLabel(text.replace(/\\n$/, '')).split('…');
    const literal = parts.join('');
    if (literal.length < MIN_LITERAL || !literal.includes(' ')) return [];
    const escaped = parts.map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`));
    return [new RegExp(`^${escaped.join('(.*?)')}$`, 's')];
  });

/** The line `hidden` of a pod's screen: which part is missing, and why (`hiddenWords`). */
const GAP = /^(.+) \((.+)\)$/;

/** Whether the program prints this line, with any values in the places that it fills. */
export function isPrinted(line: string): boolean {
  const text = withoutLabel(line);
  return [...PATTERNS, GAP].some((pattern) => {
    const values = pattern.exec(text)?.slice(1);
    return values?.every((value) => isValue(value) || (value !== text && isPrinted(value.replace(/^: /, ''))));
  });
}

const isValue = (text: string): boolean => text.trim().split(/\s+/).length <= MAX_VALUE_WORDS;

function withoutLabel(line: string): string {
  return line.replace(/^(?:error|hint|note|Warning): /, '').trim();
}
