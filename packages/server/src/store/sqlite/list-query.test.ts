import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { RunFilter } from "#store/run-filter";
import { listQuery } from "#store/sql/list-query";
import { openWriter } from "#store/sqlite/connections";
import { migrate } from "#store/sqlite/migrate";
import { inDirectory } from "#store/sqlite/testing/directory";

/** Which index each page is read from: the page must not cost more as the history grows. */
const CASES: readonly (readonly [filter: Partial<RunFilter>, index: RegExp])[] = [
  [{}, /USING PRIMARY KEY \(tenant_id=\?\)/],
  [{ before: "x" }, /USING PRIMARY KEY \(tenant_id=\? AND id<\?\)/],
  [{ workflowId: "w" }, /USING INDEX runs_workflow \(tenant_id=\? AND workflow_id=\?\)/],
  [{ workflowId: "w", before: "x" }, /USING INDEX runs_workflow \(tenant_id=\? AND workflow_id=\? AND id<\?\)/],
  [{ userId: "u" }, /USING INDEX runs_user \(tenant_id=\? AND user_id=\?\)/],
  [{ status: "FAILED" }, /USING INDEX runs_status \(tenant_id=\? AND status=\?\)/],
  [{ status: "PENDING", before: "x" }, /USING INDEX runs_status \(tenant_id=\? AND status=\? AND id<\?\)/],
  [{ workflowId: "w", userId: "u", status: "FAILED" }, /USING INDEX runs_user \(tenant_id=\? AND user_id=\?\)/],
  [{ workflowId: "w", status: "FAILED" }, /USING INDEX runs_status \(tenant_id=\? AND status=\?\)/],
  [{ workflowId: "w", status: "SUCCEED" }, /USING INDEX runs_workflow \(tenant_id=\? AND workflow_id=\?\)/],
  [{ status: "SUCCEED" }, /USING PRIMARY KEY \(tenant_id=\?\)/],
  [{ since: 1_000 }, /USING PRIMARY KEY \(tenant_id=\? AND id>\?\)/],
  [{ workflowId: "w", since: 1_000 }, /USING INDEX runs_workflow \(tenant_id=\? AND workflow_id=\? AND id>\?\)/],
];

test(
  "each filter is read from its index, in order, without sorting",
  inDirectory(async (directory) => {
    const database = openWriter(join(directory, "a.db"));
    migrate(database);
    for (const [filter, index] of CASES) {
      const { sql, values } = listQuery("default", { limit: 10, ...filter });
      const plan = database
        .prepare(`EXPLAIN QUERY PLAN ${sql}`)
        .all(...values)
        .map((row) => row["detail"]);
      assert.equal(plan.length, 1, plan.join("; "));
      assert.match(String(plan[0]), index, JSON.stringify(filter));
    }
    database.close();
  }),
);
