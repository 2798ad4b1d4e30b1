/** In the place of a page that cannot be drawn. */
export function Failure({ message, hint }: { readonly message: string; readonly hint?: string }) {
  return (
    <main class="failure">
      <h1>This page cannot be shown</h1>
      <p>{message}</p>
      {hint === undefined ? (
        <p>
          The file may have been truncated: copy or save it again. In a terminal, <code>kubectl trace show FILE</code>{' '}
          reads it too.
        </p>
      ) : (
        <p>{hint}</p>
      )}
    </main>
  );
}
