import type { Plan, PlannedFile, Step } from './plan.ts';

/** Lines longer than this are wrapped. */
const COLUMNS = 100;

/** A plan as a text for a shell: files as here-documents, everything else that is no command as comments. */
export function printPlan({ steps, undo }: Plan, head: readonly string[]): string {
  const parts = [
    comment(head),
    ...steps.map((step, index) => stepText(step, `${index + 1}. `)),
    // As comments: a text that is pasted whole must not end with its undoing.
    comment(['Undo:']),
    ...undo.map((step) => commented(stepText(step, ''))),
  ];
  return `${parts.join('\n\n')}\n`;
}

function stepText({ title, files = [], merge, commands = [], notes = [] }: Step, number: string): string {
  return [
    comment([`${number}${title}`]),
    ...files.flatMap(fileLines),
    ...(merge === undefined ? [] : mergeLines(merge)),
    ...commands,
    ...notes.map((note) => comment([`Note: ${note}`])),
  ].join('\n');
}

function fileLines({ path, text }: PlannedFile): readonly string[] {
  const folder = /^(.*)\//.exec(path)?.[1];
  return [
    ...(folder === undefined ? [] : [`mkdir -p ${folder}`]),
    `cat > ${path} <<'EOF'`,
    text.replace(/\n$/, ''),
    'EOF',
  ];
}

/** A text whose commands do not run. */
const commented = (text: string): string =>
  text
    .split('\n')
    .map((line) => (line.startsWith('#') ? line : `#   ${line}`))
    .join('\n');

/** Lines to copy: a here-document that no command reads. */
const mergeLines = ({ path, text }: PlannedFile): readonly string[] => [
  comment([`Add to ${path}:`]),
  ": <<'LINES'",
  text.replace(/\n$/, ''),
  'LINES',
];

/** Sentences, wrapped. */
const comment = (sentences: readonly string[]): string =>
  sentences
    .flatMap((sentence) => wrapWords(sentence))
    .map((line) => `# ${line}`)
    .join('\n');

function wrapWords(sentence: string): readonly string[] {
  const lines: string[] = [];
  for (const word of sentence.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < COLUMNS) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
