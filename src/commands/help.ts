import type { Flag, FlagGroup } from '../cli/flag.ts';
import { environmentName, GROUP_TITLES, GROUPS_OF } from './flag-groups.ts';
import { FLAGS } from './flags.ts';
import { VERBS, type Verb } from './verbs.ts';

interface VerbHelp {
  /** One line, for the list of commands. */
  readonly summary: string;
  readonly usage: readonly string[];
  readonly examples: readonly (readonly [comment: string, command: string])[];
}

const VERB_HELP: Readonly<Record<Verb, VerbHelp>> = {
  get: {
    summary: 'Get objects from the API server, and show where the time of that request went',
    usage: ['get TYPE[,TYPE …] [NAME …]', 'get TYPE/NAME …', 'get TYPE -w --for-events NUMBER', 'get --raw PATH'],
    examples: [
      ['A list of nodes', 'kubectl trace get nodes'],
      ['One pod of another namespace, in context "staging"', 'kubectl trace get pod web -n shop --context staging'],
      ['A list from every namespace, for a script', 'kubectl trace get pods -A -o json'],
      ['What kubectl prints of it, and then the trace', 'kubectl trace get pods,services --show-response'],
      ['The next three changes of a list', 'kubectl trace get pods -w --for-events 3'],
      ['Any path of the API server', 'kubectl trace get --raw /readyz?verbose'],
      ['Only the request, timed by the client', 'kubectl trace get nodes --wait 0'],
    ],
  },
  create: {
    summary: 'Create the objects of files, one traced request for each',
    usage: ['create -f FILE|FOLDER|- …'],
    examples: [
      ['The objects of a file', 'kubectl trace create -f web.yaml'],
      ['All the way through admission, and nothing is stored', 'kubectl trace create -f web.yaml --dry-run=server'],
      ['From the request to the pod being Ready, or stuck', 'kubectl trace create -f web.yaml --follow'],
    ],
  },
  apply: {
    summary: 'Apply the objects of files on the server (server-side apply), one traced request for each',
    usage: ['apply -f FILE|FOLDER|- …'],
    examples: [['The objects of a folder and of the folders in it', 'kubectl trace apply -R -f deploy/']],
  },
  replace: {
    summary: 'Replace the objects that files name, one traced request for each',
    usage: ['replace -f FILE|FOLDER|- …'],
    examples: [['The object of a file', 'kubectl trace replace -f web.yaml']],
  },
  patch: {
    summary: 'Patch objects, one traced request for each',
    usage: ['patch TYPE NAME … -p PATCH', 'patch TYPE/NAME … --patch-file FILE'],
    examples: [
      ['More replicas', `kubectl trace patch deployment web -p '{"spec":{"replicas":3}}'`],
      ['A JSON patch from a file', 'kubectl trace patch configmap web --type json --patch-file patch.json'],
      ['A server-side apply of one object', 'kubectl trace patch deployment web --type apply --patch-file web.yaml'],
    ],
  },
  delete: {
    summary: 'Delete objects, one traced request for each, without waiting for their end',
    usage: ['delete TYPE NAME …', 'delete TYPE/NAME …', 'delete TYPE -l LABELS', 'delete -f FILE|FOLDER|- …'],
    examples: [
      ['One pod', 'kubectl trace delete pod web'],
      ['Every configmap with a label', 'kubectl trace delete configmaps -l app=web'],
    ],
  },
  raw: {
    summary: 'Send any request to the API server, and trace it',
    usage: ['raw METHOD PATH [--data TEXT|@FILE]'],
    examples: [
      ['All checks of the server, by name', 'kubectl trace raw GET /readyz?verbose'],
      ['An object from a file', 'kubectl trace raw POST /api/v1/namespaces/default/configmaps --data @web.json'],
    ],
  },
  run: {
    summary: 'Run any client of the API server, and trace every request that it makes',
    usage: ['run [flags] -- COMMAND [ARGUMENT …]'],
    examples: [
      ['What a rollout is waiting for', 'kubectl trace run -- kubectl rollout status deployment/web'],
      [
        'All requests of an installation, as JSON in a file',
        'kubectl trace run -o json --trace-output trace.json -- helm install web ./web',
      ],
      [
        'In context "staging": flags of the connection are ours too',
        'kubectl trace run --context staging -- kubectl get pods -A',
      ],
    ],
  },
  pod: {
    summary: 'Show the life of a pod, from its creation to Ready or to where it is stuck, and why',
    usage: ['pod NAME', 'pod TYPE/NAME'],
    examples: [
      ['What is known of a pod now', 'kubectl trace pod web'],
      ['A rollout, until `kubectl rollout status` would end', 'kubectl trace pod deployment/web --follow'],
      ['For a script: where is it stuck?', "kubectl trace pod web -o jsonpath='{.verdict.reason}'"],
    ],
  },
  show: {
    summary: 'Show a trace again: of an earlier command, by its ID, or from a file',
    usage: ['show last', 'show ^1', 'show TRACE_ID', 'show FILE [TRACE_ID]', 'show -'],
    examples: [
      ['The last command; its trace is looked for again where it was not found whole', 'kubectl trace show last'],
      ['The command before it, with its span IDs', 'kubectl trace show ^1 -o wide'],
      ['Any trace of the backend, by its ID or its page', 'kubectl trace show 4bf92f3577b34da6a3ce929d0e0e4736'],
      ['A file of OTLP, Jaeger, Zipkin or -o json; the trace whose ID begins so', 'kubectl trace show spans.json 4bf9'],
      ['For an issue report', 'kubectl trace show last -o markdown'],
    ],
  },
  serve: {
    summary: 'Receive traces and keep them, for clusters without a trace backend',
    usage: ['serve'],
    examples: [
      ['Receive at the usual ports; other commands then find the traces here', 'kubectl trace serve'],
      [
        'Keep more, and pass everything on to a collector',
        'kubectl trace serve --max-size 4Gi --forward http://collector:4318',
      ],
    ],
  },
  version: { summary: 'Print the version of kubectl trace', usage: ['version'], examples: [] },
  help: { summary: 'Explain a command', usage: ['help [COMMAND]'], examples: [] },
};

const ABOUT = `Send a request to the Kubernetes API server with a W3C trace context, find the trace of that request in the
cluster's trace backend, and show where the time went.`;

const WIDTH = 80;

/** The help text of one command, or of the program. Ends with a line break. */
export function helpText(topic?: string): string {
  const verb = VERBS.find((candidate) => candidate === topic);
  return `${(verb === undefined ? programHelp() : verbHelp(verb)).join('\n\n')}\n`;
}

function programHelp(): string[] {
  const commands = VERBS.map((verb) => [verb, VERB_HELP[verb].summary] as const);
  return [
    wrap(ABOUT.replaceAll('\n', ' '), 0),
    section('Usage', ['kubectl trace COMMAND [flags]']),
    `Commands:\n${columns(commands)}`,
    examples(VERB_HELP.get),
    ...flagSections(GROUPS_OF.get),
    wrap(
      'Flags of the look-up and of the output can be set in the environment too: KUBECTL_TRACE_BACKEND for --backend, and so on. Flags come first.',
      0,
    ),
    'Use "kubectl trace help COMMAND" for one command.',
  ];
}

function verbHelp(verb: Verb): string[] {
  const { summary, usage, examples: shown } = VERB_HELP[verb];
  return [
    `${wrap(summary, 0)}.`,
    section(
      'Usage',
      usage.map((line) => `kubectl trace ${line}${line.includes('[flags]') ? '' : ' [flags]'}`),
    ),
    ...(shown.length > 0 ? [examples(VERB_HELP[verb])] : []),
    ...flagSections(GROUPS_OF[verb]),
  ];
}

function examples({ examples: shown }: VerbHelp): string {
  return `Examples:\n${shown.map(([comment, command]) => `  # ${comment}\n  ${command}`).join('\n\n')}`;
}

function flagSections(groups: readonly FlagGroup[]): string[] {
  return groups.map((group) => {
    const rows = FLAGS.filter((flag) => flag.group === group).map((flag) => [flagNames(flag), flagHelp(flag)] as const);
    return `${GROUP_TITLES[group]}:\n${columns(rows)}`;
  });
}

/** `-o, --output FORMAT` */
function flagNames({ name, alias, placeholder }: Flag): string {
  const names = `${alias === undefined ? '    ' : `-${alias}, `}--${name}`;
  return placeholder === undefined ? names : `${names} ${placeholder}`;
}

function flagHelp(flag: Flag): string {
  const choices = flag.choices === undefined ? '' : `: ${flag.choices.join(', ')}`;
  return `${flag.help}${choices}${flag.default === undefined ? '' : ` (default ${flag.default})`}`;
}

/** For README and docs: a Markdown table of every flag that this program adds to kubectl's. */
export function flagTable(): string {
  const rows = FLAGS.filter((flag) => flag.group !== 'connection' && flag.group !== 'general').map((flag) => {
    const variable = environmentName(flag);
    const cells = [
      `\`${flagNames(flag).trim().replaceAll('|', '\\|')}\``,
      flagHelp(flag).replaceAll('|', '\\|'),
      variable === undefined ? '' : `\`${variable}\``,
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return ['| Flag | Meaning | Environment |', '| --- | --- | --- |', ...rows].join('\n');
}

function section(title: string, lines: readonly string[]): string {
  return `${title}:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

/** Two columns: names longer than the first one have their text on the next line. */
function columns(rows: readonly (readonly [name: string, text: string])[]): string {
  const indent = Math.min(28, Math.max(...rows.map(([name]) => name.length)) + 4);
  return rows
    .map(([name, text]) => {
      const body = wrap(text, indent);
      const fits = name.length + 4 <= indent;
      return fits ? `  ${name.padEnd(indent - 2)}${body.trimStart()}` : `  ${name}\n${body}`;
    })
    .join('\n');
}

/** Lines of at most {@link WIDTH} columns, each indented. */
function wrap(text: string, indent: number): string {
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
