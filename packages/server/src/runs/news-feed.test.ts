import assert from "node:assert/strict";
import { test } from "node:test";
import { KEPT_NOTICES, NewsFeed } from "#runs/news-feed";
import type { Change } from "#store/store";
import { MovableClock } from "#testing/clock";
import { FileLinks } from "#workflows/file-links";

function made() {
  const clock = new MovableClock();
  let ran = (_id: string): void => undefined;
  let changed = (_change: Change): void => undefined;
  const watchAll = (heard: typeof ran) => {
    ran = heard;
    return () => undefined;
  };
  const watch = (listener: typeof changed) => {
    changed = listener;
    return () => undefined;
  };
  let refused = (_tenantId: string, _isWritten: boolean): void => undefined;
  const watchRefused = (heard: typeof refused) => {
    refused = heard;
  };
  let looked = (_alertId: string): void => undefined;
  const watchLooks = (heard: typeof looked) => {
    looked = heard;
  };
  const fileLinks = new FileLinks();
  const hears = { refused: { watch: watchRefused }, fileLinks, looks: { watchLooks } };
  const feed = new NewsFeed({ runtime: { watchAll }, store: { watch, shared: null }, ...hears, clock });
  return {
    clock,
    feed,
    fileLinks,
    ran: (id: string) => ran(id),
    changed: (change: Change) => changed(change),
    refused: (tenantId: string) => refused(tenantId, false),
    looked: (alertId: string) => looked(alertId),
  };
}

test("what changed since is given once each; nothing is noted while nobody reads", () => {
  const { feed, ran, changed, looked } = made();
  const before = feed.position;
  ran("unheard");
  assert.equal(feed.position, before);
  const stop = feed.listen(() => undefined);
  const from = feed.position;
  for (const id of ["a", "b", "a"]) ran(id);
  changed({ kind: "workflow", id: "a" });
  looked("rule");
  assert.deepEqual(feed.since(from), [
    { kind: "run", id: "a" },
    { kind: "run", id: "b" },
    { kind: "workflow", id: "a" },
    { kind: "alert", id: "rule" },
  ]);
  assert.deepEqual(feed.since(feed.position), []);
  assert.equal(feed.since(feed.position + 1), null);
  stop();
});

test("a workflow whose file comes, goes or conflicts has changed; a link that says the same has not", () => {
  const { feed, fileLinks } = made();
  feed.listen(() => undefined);
  const told = (act: () => void) => {
    const from = feed.position;
    act();
    return feed.since(from);
  };
  const changed = [{ kind: "workflow", id: "a" }];
  assert.deepEqual(
    told(() => fileLinks.set("a", { path: "flows/a.yaml", conflict: false })),
    changed,
  );
  assert.deepEqual(
    told(() => fileLinks.set("a", { path: "flows/a.yaml", conflict: false })),
    [],
  );
  assert.deepEqual(
    told(() => fileLinks.set("a", { path: "flows/a.yaml", conflict: true })),
    changed,
  );
  assert.deepEqual(
    told(() => fileLinks.delete("a")),
    changed,
  );
  assert.deepEqual(
    told(() => fileLinks.delete("a")),
    [],
  );
});

test("for a minute after the last reader has left nothing is missed; later, that is known", () => {
  const { clock, feed, ran } = made();
  feed.listen(() => undefined)();
  const left = feed.position;
  clock.forward(59_000);
  ran("a");
  const stop = feed.listen(() => undefined);
  assert.deepEqual(feed.since(left), [{ kind: "run", id: "a" }]);
  stop();
  const again = feed.position;
  clock.forward(60_000);
  ran("b");
  feed.listen(() => undefined);
  assert.equal(feed.since(again), null);
  assert.deepEqual(feed.since(feed.position), []);
});

test("so many notices are kept, and whoever is further behind is told", () => {
  const { feed, ran } = made();
  feed.listen(() => undefined);
  const from = feed.position;
  for (let id = 0; id <= 2 * KEPT_NOTICES; id++) ran(String(id));
  assert.equal(feed.since(from), null);
  assert.equal(feed.since(feed.position - KEPT_NOTICES)?.length, KEPT_NOTICES);
});
