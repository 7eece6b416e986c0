import { LIMITS } from "@millrace/contract";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { call, type PageOf, type Query } from "#api/client.ts";

/** Rows that a list asks for at a time. */
const ROWS = 50;

/** A list of the management API, page by page. `key` names it in the cache; `query` is part of its name. */
export function listQuery<Item>(key: string, address: string, query: Query = {}) {
  return infiniteQueryOptions({
    queryKey: [key, query],
    queryFn: ({ pageParam, signal }) => call<PageOf<Item>>(address, { query: { limit: ROWS, ...query, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor ?? null,
    select: ({ pages }) => pages.flatMap(({ data }) => data),
  });
}

/** All of a list: what is chosen from, or gives ids their names, must not end where a page does. Stale whenever the list is. */
export function allQuery<Item>(key: string, address: string) {
  return queryOptions({
    queryKey: [key, "all"],
    queryFn: async ({ signal }) => {
      const all: Item[] = [];
      let cursor: string | null = null;
      do {
        const { data, nextCursor }: PageOf<Item> = await call(address, { query: { limit: LIMITS.pageRows.value, cursor }, signal });
        all.push(...data);
        cursor = nextCursor ?? null;
      } while (cursor !== null);
      return all;
    },
  });
}
