import assert from "node:assert/strict";
import { test } from "node:test";
import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { Freshener } from "#app/freshen.ts";

/** A query that somebody looks at, and how often it was asked; each answer is waited for by its number. */
function watched(queries: QueryClient, key: readonly string[]) {
  let asked = 0;
  let heard = Promise.withResolvers<number>();
  const observer = new QueryObserver(queries, {
    queryKey: key,
    queryFn: () => {
      asked += 1;
      return { asked };
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  const first = heard.promise;
  let told = 0;
  const stop = observer.subscribe(({ data, fetchStatus }) => {
    if (!data?.asked || data.asked === told || fetchStatus !== "idle") return;
    told = data.asked;
    heard.resolve(told);
    heard = Promise.withResolvers();
  });
  return { first, next: () => heard.promise, asked: () => asked, stop };
}

test("what is looked at is asked anew once for many changes; what nobody looks at is not", async () => {
  const queries = new QueryClient();
  const freshener = new Freshener(queries);
  const runs = watched(queries, ["runs"]);
  await runs.first;
  const again = runs.next();
  for (let change = 0; change < 50; change += 1) freshener.note({ key: ["runs"], everyMs: 1 });
  freshener.note({ key: ["keys"], everyMs: 1 });
  assert.equal(await again, 2);
  const once = runs.next();
  freshener.note({ key: ["runs"], everyMs: 1 });
  assert.equal(await once, 3);
  runs.stop();
  freshener.note({ key: ["runs"], everyMs: 1 });
  freshener.close();
  assert.equal(runs.asked(), 3);
  queries.clear();
});

test("of a list whoever has gone further down keeps what he reads", async () => {
  const queries = new QueryClient();
  const freshener = new Freshener(queries);
  queries.setQueryData(["runs", "long"], { pages: [{ data: [] }, { data: [] }], pageParams: [null, "a"] });
  const long = watched(queries, ["runs", "long"]);
  const short = watched(queries, ["runs", "short"]);
  await short.first;
  const again = short.next();
  freshener.all();
  assert.equal(await again, 2);
  assert.equal(long.asked(), 0);
  for (const one of [long, short]) one.stop();
  freshener.close();
  queries.clear();
});
