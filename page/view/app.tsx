import { useMemo, useState } from 'preact/hooks';
import type { Content } from '../model/content.ts';
import { Summary } from './summary.tsx';
import { Trace } from './trace.tsx';

interface Properties {
  readonly content: Content;
  /** Where the content follows a server: whether it does. */
  readonly live?: string;
}

/** The page: what is concluded, and below it the trace. */
export function App({ content, live }: Properties) {
  const [target, setTarget] = useState<{ readonly index: number }>();
  const { picture } = content;
  const summary = useMemo(() => <Summary content={content} goTo={(index) => setTarget({ index })} />, [content]);
  return (
    <main class={live === undefined ? undefined : 'live'}>
      {summary}
      {live !== undefined && (
        <p class="live-state" role="status">
          {live}
        </p>
      )}
      {picture !== undefined && <Trace content={content} picture={picture} target={target} />}
    </main>
  );
}
