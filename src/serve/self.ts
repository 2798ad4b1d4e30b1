/** Where a running serve says who it is and what it has done, as JSON. */
export const SELF_PATH = '/kubectl-trace/serve';
