import { useMemo, useState } from 'preact/hooks';
import type { Content } from '../model/content.ts';
import { Summary } from './summary.tsx';
import { Trace } from './trace.tsx';

/** The page: what is concluded, and below it the trace. */
export function App({ content }: { readonly content: Content }) {
  const [target, setTarget] = useState<{ readonly index: number }>();
  const { picture } = content;
  const summary = useMemo(() => <Summary content={content} goTo={(index) => setTarget({ index })} />, [content]);
  return (
    <main>
      {summary}
      {picture !== undefined && <Trace content={content} picture={picture} target={target} />}
    </main>
  );
}
