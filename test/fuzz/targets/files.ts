import { corpusOf } from '../engine/corpus.ts';
import { BYTE_MUTATIONS, PROTOBUF_MUTATIONS } from '../engine/mutate-bytes.ts';
import type { OpenTarget, Target } from '../engine/target.ts';
import { openCommands } from './commands.ts';
import { JSON_MUTATIONS } from './decoders.ts';
import { jsonText } from './grammars.ts';

const OUTPUTS = [
  'tree',
  'wide',
  'summary',
  'json',
  'yaml',
  'name',
  'otlp',
  'perfetto',
  'speedscope',
  'folded',
  'markdown',
  'svg',
] as const;

/** `show -`: the whole way from bytes to each output, which depends on the input alone. */
async function openShow(): Promise<OpenTarget> {
  const commands = openCommands();
  return {
    close: () => commands.close(),
    feed: async (input) => {
      const sum = input.reduce((total, byte) => (total + byte) % 1000, 0);
      const output = OUTPUTS[sum % OUTPUTS.length] as string;
      const outcome = await commands.run(['show', '-', '-o', output, ...(sum % 7 === 0 ? ['--redact'] : [])], input);
      return `${output}: ${outcome}`;
    },
  };
}

const files: Target = {
  name: 'files',
  reads: 'files of spans of every format, to each output of `show`',
  corpus: () => [
    ...corpusOf('otlp-protobuf'),
    ...corpusOf(
      'files',
      'jaeger/shop-v1.json',
      'jaeger/shop-v3.json',
      'zipkin/trace.json',
      'tempo/trace-v2.json',
      'tempo/trace-v2.pb',
      'jaeger/create-kept-v3.json',
    ),
  ],
  mutations: [...JSON_MUTATIONS, ...PROTOBUF_MUTATIONS],
  grammar: jsonText,
  isPure: true,
  open: openShow,
};

const documents: Target = {
  name: 'documents',
  reads: 'RequestTrace and PodTrace documents, to each output of `show`',
  corpus: () => corpusOf('documents'),
  mutations: [...JSON_MUTATIONS, ...BYTE_MUTATIONS.slice(0, 2)],
  isPure: true,
  open: openShow,
};

export const FILES: readonly Target[] = [files, documents];
