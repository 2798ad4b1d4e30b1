import { render } from 'preact';
import { contentOf } from './model/content.ts';
import { readData } from './data.ts';
import { App } from './view/app.tsx';

/** Draws the document that is in this file. */
async function start(): Promise<void> {
  const target = document.querySelector('#page');
  if (target === null) return;
  try {
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

function Failure({ message }: { readonly message: string }) {
  return (
    <main class="failure">
      <h1>This page cannot be shown</h1>
      <p>{message}</p>
      <p>
        The file may have been truncated: copy or save it again. In a terminal, <code>kubectl trace show FILE</code>{' '}
        reads it too.
      </p>
    </main>
  );
}

void start();
