// Words of bulk jobs that the store's writing thread knows too: apart from the schemas, which it need not load.

export const BULK_ACTIONS = ["cancel", "replay"] as const;
export type BulkAction = (typeof BULK_ACTIONS)[number];

export const BULK_STATES = ["running", "stopped", "done"] as const;
export type BulkState = (typeof BULK_STATES)[number];
