import { render } from 'preact';
import { parseTraceID } from '../src/trace/ids.ts';
import { contentOf } from './model/content.ts';
import { readData } from './data.ts';
import { App } from './view/app.tsx';
import { Failure } from './view/failure.tsx';
import { ServedTrace } from './view/served.tsx';

/** Draws the document that is in this file, or the trace of the server that this page is from. */
async function start(): Promise<void> {
  const target = document.querySelector<HTMLElement>('#page');
  if (target === null) return;
  const { trace, version = '' } = target.dataset;
  try {
    if (trace !== undefined) {
      const traceID = parseTraceID(trace);
      if (traceID === undefined) throw new Error(`"${trace}" is no trace ID`);
      target.replaceChildren();
      render(<ServedTrace traceID={traceID} version={version} />, target);
      return;
    }
    const { document: shown, compared } = await readData();
    const content = contentOf(shown, compared);
    document.title = `${content.title} — kubectl trace`;
    target.replaceChildren();
    render(<App content={content} />, target);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    target.replaceChildren();
    render(<Failure message={message} />, target);
  }
}

void start();
