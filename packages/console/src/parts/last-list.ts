import type { Query } from "#api/client.ts";

let query: Query = {};

/** What the list was narrowed by that somebody looked at last in this tab: a run's neighbours are those of that list. Without one: all runs. */
export const lastList = {
  get: (): Query => query,
  set: (next: Query): void => {
    query = next;
  },
};
