import { programName } from '../format/program-name.ts';
import { pageEnd, pageStart, policyOf } from './write.ts';

/** A page of a server: HTML with its Content-Security-Policy, which as a header can also say that nothing may frame it. */
export interface PolicedPage {
  readonly html: string;
  readonly policy: string;
}

/**
 * The page of a trace in `serve`. It reads the spans from the server and computes the rest itself, so that the server holds
 * no part of a trace, however large, and the page follows the spans that arrive.
 */
export async function servedPage({
  traceID,
  version,
}: {
  /** 32 hex digits. */
  readonly traceID: string;
  readonly version: string;
}): Promise<PolicedPage> {
  const { parts } = await import('./template.ts');
  const policy = `${policyOf(parts)}; connect-src 'self'`;
  const place = `<div id="page" data-trace="${traceID}" data-version="${version.replace(/[^\w.+-]/g, '')}"><noscript>This page needs JavaScript. In a terminal, ${programName()} show TRACE_ID shows the same.</noscript></div>\n`;
  return {
    html: `${pageStart(parts, policy)}${place}${pageEnd(parts)}`,
    policy: `${policy}; frame-ancestors 'none'`,
  };
}

/** The script that updates the list of traces, and the policy that allows it beside the list's own parts. */
export async function listScript(): Promise<{ readonly script: string; readonly policy: readonly string[] }> {
  const { parts } = await import('./template.ts');
  return {
    script: parts.listScript,
    policy: [
      `script-src '${parts.listScriptHash}'`,
      `connect-src 'self'`,
      `require-trusted-types-for 'script'`,
      `trusted-types 'none'`,
    ],
  };
}
