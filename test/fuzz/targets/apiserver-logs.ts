import fc from 'fast-check';
import type { LogKind } from '../../../src/commands/show/arguments.ts';
import { fromLog } from '../../../src/commands/show/from-log.ts';
import { corpusOf } from '../engine/corpus.ts';
import { TEXTS } from '../engine/hostile-values.ts';
import type { OpenTarget, Target } from '../engine/target.ts';
import { openCommands } from './commands.ts';
import { JSON_MUTATIONS } from './decoders.ts';
import { checkRows, IDS, RECORDED_LOGS, show, storedCommand } from './stored-command.ts';

/** `show last --audit-log -` and `--apiserver-log -`: the way from the bytes of a log to each output. */
const openLog = (kind: LogKind) => async (): Promise<OpenTarget> => {
  const commands = openCommands();
  return {
    close: () => commands.close(),
    feed: async (input) => {
      const report = fromLog(storedCommand(), { bytes: input, name: 'a log', kind }, { err: { write: () => {} } });
      return `${report.verdict}: ${checkRows(report)} rows, ${await show(report, input, commands)}`;
    },
  };
};

/** A log as if the stored command's request were the one of a story. */
const aboutCommand = (text: string, auditID: string | null): string =>
  text.replaceAll(auditID ?? IDS.auditID, IDS.auditID);

const logs = (): readonly Buffer[] =>
  RECORDED_LOGS.flatMap(({ log, requests }) =>
    requests
      .filter(({ story }) => story === 'create' || story === 'conversion')
      .map(({ audit }) => Buffer.from(aboutCommand(log, audit.auditID))),
  );

const EVENTS = RECORDED_LOGS.flatMap(({ requests }) =>
  requests.map(({ audit }) => aboutCommand(JSON.stringify(audit), audit.auditID)),
);

/** One event in each export that providers make. */
function exportsOf(event: string): readonly string[] {
  const { auditID, stage, requestReceivedTimestamp, stageTimestamp, annotations } = JSON.parse(event) as Readonly<
    Record<string, unknown>
  >;
  return [
    event,
    JSON.stringify({ kind: 'EventList', items: [JSON.parse(event)] }, null, 1),
    JSON.stringify({ events: [{ message: event }] }),
    JSON.stringify({ records: [{ properties: { log: event } }] }),
    JSON.stringify({
      AuditId: auditID,
      Stage: stage,
      RequestReceivedTime: requestReceivedTimestamp,
      StageReceivedTime: stageTimestamp,
      Annotations: JSON.stringify(annotations),
    }),
    JSON.stringify([{ timestamp: requestReceivedTimestamp, operation: { id: auditID }, labels: annotations }]),
  ];
}

const text = fc.constantFrom(...TEXTS.filter((one) => one.length < 100), 'Create', 'About to write a response');
const digits = fc.constantFrom('0', '00', '548', '23', '99', '999999999', '9999999999');
const fields = fc
  .array(fc.tuple(fc.constantFrom('verb', 'webhook', 'constructor', '__proto__'), text), { maxLength: 3 })
  .map((all) => [`audit-id:${IDS.auditID}`, ...all.map((pair) => pair.join(':'))].join(','));
const duration = fc.constantFrom('0s', '548.1ms', '1h2m3s', '999999999999h', '1e5s', '-1s', '9'.repeat(39) + 'h');
const day = fc.constantFrom('30-Nov-2026', '01-Jan-0001', '31-Dec-9999', '99-Xyz-2026');
const clock = fc.constantFrom('01:48:36.201', '00:00:00.000', '23:59:59.999', '99:99:99.999');

/** Lines of a block and of requests, in any order and with any values. */
const lines = fc
  .array(
    fc.oneof(
      fc
        .tuple(text, fields, day, clock, digits)
        .map(
          ([name, all, date, time, took]) => `Trace[1]: "${name}" ${all} (${date} ${time}) (total time: ${took}ms):`,
        ),
      fc
        .tuple(fc.constantFrom('[', '---'), text, digits, clock, fc.nat(17))
        .map(
          ([sign, name, took, time, closed]) => `Trace[1]: ${sign}"${name}"  ${took}ms (${time})${']'.repeat(closed)}`,
        ),
      fc.tuple(duration, duration).map(([one, other]) => `Trace[1]: [${one}] [${other}] END`),
      fc
        .tuple(fc.constantFrom('1130', '0000', '9999', '0229'), clock, duration, text)
        .map(
          ([date, time, took, name]) =>
            `I${date} ${time}000   25895 httplog.go:135] "HTTP" latency="${took}" audit-ID="${IDS.auditID}" apf_pl="${name}"`,
        ),
      fc
        .tuple(fc.constantFrom('1796003341522.85', '-1', '1e308', '1e309', '0', '8.7e15'), duration)
        .map(([time, took]) => `{"ts":${time},"msg":"HTTP","latency":"${took}","audit-ID":"${IDS.auditID}"}`),
    ),
    { maxLength: 40 },
  )
  .map((all) => Buffer.from(all.join('\n')));

const instant = fc.constantFrom(
  '2026-11-30T01:48:36.201000Z',
  '2026-11-30 01:48:36Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999999999Z',
  '2026-02-30T25:61:61Z',
);
const annotations = fc.dictionary(
  fc.oneof(
    fc
      .constantFrom('total', 'etcd', 'authentication', 'mutating-webhook', 'constructor')
      .map((name) => `apiserver.latency.k8s.io/${name}`),
    fc.constantFrom('0_index_0', '9999_index_9999').map((name) => `mutation.webhook.admission.k8s.io/round_${name}`),
  ),
  fc.oneof(
    duration,
    text.map((webhook) => JSON.stringify({ webhook })),
  ),
  { maxKeys: 6 },
);
const events = fc
  .array(
    fc.record({
      auditID: fc.constant(IDS.auditID),
      stage: fc.constantFrom('RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'),
      requestReceivedTimestamp: instant,
      stageTimestamp: instant,
      annotations,
    }),
    { maxLength: 4 },
  )
  .map((all) => Buffer.from(all.map((event) => JSON.stringify(event)).join('\n')));

const auditLogs: Target = {
  name: 'audit-logs',
  reads: 'audit logs and their exports, to each output of `show`',
  corpus: () => [
    ...corpusOf('audit-logs'),
    Buffer.from(EVENTS.join('\n')),
    ...exportsOf(EVENTS[2]!).map((one) => Buffer.from(one)),
  ],
  mutations: JSON_MUTATIONS,
  grammar: events,
  isPure: true,
  open: openLog('audit-log'),
};

const apiserverLogs: Target = {
  name: 'apiserver-logs',
  reads: "the API server's log, as text and as JSON, to each output of `show`",
  corpus: () => [
    ...corpusOf('apiserver-logs'),
    ...logs(),
    // As an export has it, in a text.
    ...logs()
      .slice(0, 2)
      .map((log) => Buffer.from(JSON.stringify({ events: [{ message: log.toString() }] }))),
  ],
  mutations: JSON_MUTATIONS,
  grammar: lines,
  isPure: true,
  open: openLog('apiserver-log'),
};

export const LOGS: readonly Target[] = [auditLogs, apiserverLogs];
