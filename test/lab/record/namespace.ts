/** Where the stories' objects are. */
export const namespace = 'record';
