import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { ServedPage } from './drawing.ts';
import { PIECE, sendPieces, type Sending } from './send-pieces.ts';

/** Sends a text that is held until its last piece has been taken. */
export async function sendHeld(
  response: ServerResponse,
  text: string,
  { status = 200, headers }: { readonly status?: number; readonly headers: OutgoingHttpHeaders },
  sending: Sending,
): Promise<void> {
  // A slice holds the whole text. Beyond ASCII each character takes two bytes in memory.
  const heldBytes = text.length * 2;
  await sendPieces(response, slices(text), sending, { status, headers: { ...headers, vary: 'accept' }, heldBytes });
}

function* slices(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += PIECE) yield text.slice(at, at + PIECE);
}

export const TEXT = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };

/** No other page may frame it, hold its window or load it, and no cache keeps it: more spans may come. */
export const pageHeaders = ({ policy }: ServedPage): OutgoingHttpHeaders => ({
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': policy,
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
});

export function sendText(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, TEXT);
  response.end(text);
}
