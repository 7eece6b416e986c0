import { call } from "#cli/client";
import type { CliContext } from "#cli/context";
import type { Given } from "#cli/given";

/** Rows of one request at most. */
const PAGE_ROWS = 100;

/** Rows when nobody says how many. */
const DEFAULT_ROWS = 20;

const MAX_ROWS = 1_000_000;

interface Page<Row> {
  readonly data: readonly Row[];
  readonly nextCursor?: string;
}

/** As many rows as `--limit` says, over as many pages as it takes; 0 is all. What was left out is told by `nextCursor`. */
export async function listRows<Row>(
  context: CliContext,
  given: Given,
  path: string,
  query: { readonly [name: string]: string | undefined } = {},
): Promise<Page<Row>> {
  const limit = given.integer("limit", 0, MAX_ROWS) ?? DEFAULT_ROWS;
  return readPages<Row>(context, path, query, limit === 0 ? Number.POSITIVE_INFINITY : limit);
}

export async function allRows<Row>(context: CliContext, path: string): Promise<readonly Row[]> {
  return (await readPages<Row>(context, path, {}, Number.POSITIVE_INFINITY)).data;
}

async function readPages<Row>(
  context: CliContext,
  path: string,
  query: { readonly [name: string]: string | undefined },
  wanted: number,
): Promise<Page<Row>> {
  const rows: Row[] = [];
  let cursor: string | undefined;
  do {
    const { json } = await call(context, "GET", path, { query: { ...query, limit: Math.min(PAGE_ROWS, wanted - rows.length), cursor } });
    const page = json as Page<Row>;
    rows.push(...page.data);
    // A page of a search may be empty while there are more.
    cursor = page.nextCursor;
  } while (cursor !== undefined && rows.length < wanted);
  return { data: rows, ...(cursor !== undefined && { nextCursor: cursor }) };
}
