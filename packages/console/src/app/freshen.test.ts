import assert from "node:assert/strict";
import { test } from "node:test";
import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { ApiError } from "#api/client.ts";
import { Freshener, staleBy } from "#app/freshen.ts";

const names = (kind: Parameters<typeof staleBy>[0], told = {}) => staleBy(kind, told).map(({ key }) => key.join(" "));

test("a run that went on makes itself, the lists of runs and the figures stale", () => {
  const stale = staleBy("run", { id: "r1" });
  assert.deepEqual(names("run", { id: "r1" }).slice(0, 3), ["run r1", "home", "runs"]);
  const [run, , list] = stale;
  const figures = stale.find(({ key }) => key[0] === "run-stats");
  assert.ok(run && list && figures && run.everyMs < list.everyMs && list.everyMs < figures.everyMs);
});

test("a workflow that changed makes its draft stale before the lists of workflows", () => {
  assert.deepEqual(names("workflow", { id: "w1" }), ["draft w1", "home", "workflows", "versions"]);
});

test("what belongs to a run is told by the run's id", () => {
  assert.ok(names("approval", { runId: "r1" }).includes("run r1"));
  assert.deepEqual(names("job", { id: "j1" }), ["bulk-job j1"]);
  assert.deepEqual(names("job"), []);
  assert.deepEqual(names("schedule", { id: "s1" }), []);
});

test("what the server refused stays as it is, what may pass is asked for anew", async () => {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Number.POSITIVE_INFINITY } } });
  const freshener = new Freshener(queries);
  /** Somebody looks at what is answered with this status. */
  const look = (key: string, status: number) => {
    const asked: number[] = [];
    const waiting = Promise.withResolvers<void>();
    const queryFn = () => {
      if (asked.push(status) === 2) waiting.resolve();
      throw new ApiError(status, {}, null);
    };
    const refused = Promise.withResolvers<void>();
    const close = new QueryObserver(queries, { queryKey: [key], queryFn }).subscribe(({ isError }) => isError && refused.resolve());
    return { asked, close, refused: refused.promise, twice: waiting.promise };
  };
  const [gone, busy] = [look("run", 404), look("runs", 503)];
  await Promise.all([gone.refused, busy.refused]);
  freshener.goingOn();
  await busy.twice;
  assert.deepEqual([gone.asked, busy.asked], [[404], [503, 503]]);
  for (const { close } of [gone, busy]) close();
  freshener.close();
  queries.clear();
});
