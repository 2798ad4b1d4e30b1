/** The API server's responses name objects by UID. Their names need a separate query, and may stay unknown. */
export const nameOrUID = (text: string): string => (/^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(text) ? `UID ${text}` : text);
