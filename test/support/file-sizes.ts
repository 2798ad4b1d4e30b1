import { posix } from 'node:path';

const MAX_FILES = 30;
const MAX_LINES = 220;
const MIN_LINES = 15;

/** Files that are longer or shorter, and why. */
const REASONS: Readonly<Record<string, string>> = {
  'analysis/findings/shell.ts': 'commands to copy, for findings about several subjects',
  'analysis/kubernetes/unreported-work.ts': 'a table',
  'analysis/webhook-configuration.ts': 'the contract of webhooks with kube/',
  'analysis/wording/bytes.ts': 'one format for all outputs',
  'analysis/wording/name-or-uid.ts': 'one format for all outputs',
  'analysis/wording/path.ts': 'one format for all outputs',
  'analysis/wording/percent.ts': 'one format for all outputs',
  'backend/access/tls-fetch.ts': 'loaded for backends with certificates alone',
  'backend/http/not-reached.ts': 'shared by every kind of backend',
  'backend/http/retry-after.ts': 'shared by the client and the poller',
  'cli/options/export.ts': 'a group of flags has a file',
  'cli/without-undefined.ts': 'shared by every group of flags',
  'codec/resource-attribute.ts': 'shared by two codecs',
  'commands/show/pod.ts': 'shows what another kind of document has',
  'format/base64.ts': 'another file has its functions in a browser',
  'format/counted.ts': 'one format for all outputs',
  'format/percentile.ts': 'shared by analysis and rendering',
  'format/table-of.ts': 'the safe form of every table that is looked up by foreign text',
  'kube/connect/go-duration.ts': 'shared by the kubeconfig and its flags',
  'kube/connect/system-authorities.ts': 'loaded for TLS alone',
  'kube/print/kind-name.ts': 'shared by every printer',
  'pod/event-meaning.ts': 'reads the table of events, which is as long as a file may be',
  'pod/next-stage.ts': 'shared by causes and drawing',
  'pod/scheduling/query.ts': 'the contract of the scheduling rules',
  'pod/workload/rollout.ts': 'shared by several kinds of workload',
  'process/timings.ts': 'the only use of the trace variable of this program',
  'render/data/name.ts': 'an output has a file',
  'render/terminal/location-words.ts': 'shared by several outputs',
  'render/terminal/paint.ts': 'shared by several outputs',
  'render/terminal/share.ts': 'shared by several outputs',
  'render/text-table.ts': 'the contract of tables in a terminal and in a page',
  'report/json-value.ts': 'the contract of every document',
  'trace/ended.ts': 'shared by the model and the look-up',
  'serve/query/in-order.ts': 'shared by the page and the list',
  'tracing/backend/in-cluster/rbac.ts': 'the permissions that three files name in their errors',
  'tracing/state-folder.ts': 'the one place that decides where state is stored',
  'view/use-width.ts': 'shared by two views of the page',
};

/** Violations of the size limits of source files and their folders, by path below src/. */
export function sizeViolations(files: ReadonlyMap<string, string>): string[] {
  const folders = Map.groupBy(files.keys(), (file) => posix.dirname(file));
  const full = [...folders].filter(([, names]) => names.length > MAX_FILES);
  return [
    ...full.map(([folder, names]) => `${folder}: ${names.length} files, more than ${MAX_FILES}`),
    ...[...files].flatMap(([file, text]) => {
      const lines = text.split('\n').length - 1;
      if ((lines <= MAX_LINES && lines >= MIN_LINES) || REASONS[file] !== undefined) return [];
      return [`${file}: ${lines} lines, not ${MIN_LINES} to ${MAX_LINES}: give a reason in test/support/file-sizes.ts`];
    }),
  ];
}
