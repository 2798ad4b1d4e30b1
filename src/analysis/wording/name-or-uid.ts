/** Answers of the API server name objects by UID; what they are called has to be asked for, and may stay unknown. */
export const nameOrUID = (text: string): string => (/^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(text) ? `UID ${text}` : text);
