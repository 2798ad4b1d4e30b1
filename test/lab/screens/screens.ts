import { readFileSync, writeFileSync } from 'node:fs';
import stringWidth from 'string-width';
import { UNICODE } from '../../../src/render/look.ts';
import { drawScreen } from '../../../src/render/terminal/screen.ts';
import { readDocument } from '../../../src/report/document/report.ts';
import type { Report } from '../../../src/report/report.ts';
import type { ClusterOptions, TestCluster } from '../cluster/cluster.ts';
import { withWebhook, type Stage } from './with-webhook.ts';

/** The first screen of a page, or a picture: a recorded document, drawn by the code of today. */
export interface Screen {
  /** From the project's folder; a picture is in README.md. */
  readonly page: string;
  /** In test/fixtures/screens/, without its extension. */
  readonly recording: string;
  /** The cluster that the program runs against. */
  readonly cluster: ClusterOptions;
  /** Whether the program gets a trace backend. */
  readonly hasBackend: boolean;
  /** The command after `kubectl trace`. */
  readonly args: readonly string[];
  /** Makes what the command needs in the cluster and in the folder that it runs in. */
  readonly prepare?: (cluster: TestCluster, folder: string) => Promise<Stage>;
}

export const screens: readonly Screen[] = [
  {
    page: 'README.md',
    recording: 'get-nodes-without-tracing',
    cluster: { apiserverTracing: false },
    hasBackend: false,
    args: ['get', 'nodes'],
  },
  {
    page: 'docs/finding-the-trace.md',
    recording: 'get-nodes-with-tracing',
    cluster: {},
    hasBackend: true,
    args: ['get', 'nodes'],
  },
  {
    page: 'docs/without-tracing.md',
    recording: 'create-without-tracing',
    cluster: { apiserverTracing: false },
    hasBackend: false,
    args: ['create', '-f', 'web.json'],
    prepare: withWebhook,
  },
];

/** Those that are texts: README.md has a picture in place of a screen. */
export const textScreens = screens.filter(({ page }) => page !== 'README.md');

const WIDTH = 110;
const FIRST = /^```text\n(.*?)\n```$/ms;
export const fileOf = (path: string): URL => new URL(`../../../${path}`, import.meta.url);
const recordingOf = (name: string): URL => fileOf(`test/fixtures/screens/${name}.json`);

export const writeRecording = ({ recording }: Screen, document: string): void =>
  writeFileSync(recordingOf(recording), document);

export const readRecording = (recording: string): Report =>
  readDocument(JSON.parse(readFileSync(recordingOf(recording), 'utf8')));

export const draw = ({ recording }: Screen): string =>
  drawScreen(readRecording(recording), { columns: WIDTH, colour: false, glyphs: UNICODE }, stringWidth).trimEnd();

/** The first screen of a page; undefined without one. */
export const firstScreen = (page: string): string | undefined => FIRST.exec(readFileSync(fileOf(page), 'utf8'))?.[1];

/** Replaces the first screen of a page by what is drawn today. */
export function redraw(screen: Screen): void {
  const text = readFileSync(fileOf(screen.page), 'utf8');
  writeFileSync(
    fileOf(screen.page),
    text.replace(FIRST, () => `\`\`\`text\n${draw(screen)}\n\`\`\``),
  );
}
