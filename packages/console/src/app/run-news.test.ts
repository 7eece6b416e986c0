import assert from "node:assert/strict";
import { test } from "node:test";
import { listenToRun, tellOfRun } from "#app/run-news.ts";

const never = new AbortController().signal;

test("whoever follows a run is told once of what changed since the last look, and of no other run", async () => {
  const news = listenToRun("r1");
  let told = 0;
  const next = () => news.changed(never).then(() => (told += 1));
  const first = next();
  tellOfRun("r2");
  await Promise.resolve();
  assert.equal(told, 0);
  tellOfRun("r1");
  await first;
  // While it was looked at, it changed twice.
  tellOfRun("r1");
  tellOfRun("r1");
  await next();
  const third = next();
  await Promise.resolve();
  assert.equal(told, 2);
  tellOfRun(null);
  await third;
  news.close();
});

test("whoever has left waits no longer", async () => {
  const leaving = new AbortController();
  const news = listenToRun("r1");
  const waited = news.changed(leaving.signal);
  leaving.abort(new Error("gone"));
  await assert.rejects(waited, /gone/);
  news.close();
});
