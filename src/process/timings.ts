/** KUBECTL_TRACE_TIMINGS=1: how long each part of the start took, for `npm run bench`. */
export function timings(): (part: string) => void {
  if (!process.env['KUBECTL_TRACE_TIMINGS']) return () => {};
  const lines = [`node ${performance.now().toFixed(2)}`];
  return (part) => {
    lines.push(`${part} ${performance.now().toFixed(2)}`);
    if (part === 'end') process.stderr.write(`timings (ms since the process began): ${lines.join(', ')}\n`);
  };
}
