import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject } from "@millrace/contract";
import { NameTaken, NotFound, VersionTaken } from "#store/errors";
import type { Store } from "#store/store";
import { type OpenStore, OTHER_TENANT, type StoreFixture, TENANT, withStore } from "#store/testing/fixture";
import { AT, acceptEnded, acceptFailed, acceptRunning, newRun } from "#store/testing/runs";
import { newVersion, newWorkflow } from "#store/testing/workflow.testsuite";
import type { VersionCopy } from "#store/version-store";

const ADA = { kind: "member", id: "m1", name: "ada@example.com" } as const;

function copyOf(source: string, values: Partial<VersionCopy> = {}): VersionCopy {
  return { source, name: null, live: false, note: "", at: AT + 90, ...values };
}

/** A workflow with two versions; the second is live. */
async function published({ workflows }: Store): Promise<string> {
  const { id } = await workflows.create(TENANT, newWorkflow());
  await workflows.publish(TENANT, id, newVersion({ a: 1 }, { layout: '{"a":[0,0]}' }));
  await workflows.publish(TENANT, id, newVersion({ a: 2 }));
  return id;
}

export function versionSuite(open: OpenStore): void {
  const check = (name: string, body: (store: Store, fixture: StoreFixture) => Promise<void>) =>
    test(
      name,
      withStore(open, (fixture) => body(fixture.store, fixture)),
    );

  check("who made a version is kept with it, over a restart, and is nobody where nobody is named", async ({ workflows }, { reopen }) => {
    const { id } = await workflows.create(TENANT, newWorkflow());
    await workflows.publish(TENANT, id, newVersion({ a: 1 }));
    await workflows.publish(TENANT, id, newVersion({ a: 2 }, { by: ADA }));
    const rows = await (await reopen()).workflows.versions(TENANT, id);
    assert.deepEqual(
      rows.map(({ version, by }) => [version, by]),
      [
        ["1.0.1", ADA],
        ["1.0.0", null],
      ],
    );
  });

  check("an imported version replaces the draft, and leaves the live one alone", async (store) => {
    const { workflows } = store;
    const id = await published(store);
    const imported = newVersion({ a: 3 }, { note: "from afar", by: ADA, at: AT + 80 });
    assert.equal(await workflows.importVersion(TENANT, id, { name: "afar", document: { a: 3, x: 1 }, version: imported }), "1.0.2");
    const row = await workflows.get(TENANT, id);
    assert.deepEqual(
      [row?.name, row?.document, row?.revision, row?.liveVersion, row?.updatedAt],
      ["afar", { a: 3, x: 1 }, 2, "1.0.1", AT + 80],
    );
    const { document, ...version } = (await workflows.version(TENANT, id, "1.0.2")) ?? assert.fail();
    assert.deepEqual(document, { a: 3 });
    assert.deepEqual(version, {
      ...{ number: 3, version: "1.0.2", hash: imported.hash, note: "from afar", changes: null, live: false, by: ADA },
      ...{ createdAt: AT + 80, releasedAt: null },
    });
  });

  check("an import that is refused changes nothing", async (store) => {
    const { workflows } = store;
    const id = await published(store);
    const other = await workflows.create(TENANT, newWorkflow());
    const draft = (name: string) => ({ name, document: {}, version: newVersion({ a: 3 }) });
    const before = await workflows.get(TENANT, id);
    await assert.rejects(workflows.importVersion(TENANT, id, draft(other.name)), NameTaken);
    await assert.rejects(workflows.importVersion(OTHER_TENANT, id, draft("mine")), NotFound);
    const wrong = { ...newVersion({}), hash: "00" };
    await assert.rejects(workflows.importVersion(TENANT, id, { ...draft("x"), version: wrong }), TypeError);
    assert.deepEqual(await workflows.get(TENANT, id), before);
    assert.equal((await workflows.versions(TENANT, id)).length, 2);
  });

  check("an imported version is in the history of the draft, with who imported it", async (store) => {
    const id = await published(store);
    await store.workflows.importVersion(TENANT, id, { name: "afar", document: { a: 3 }, version: newVersion({ a: 3 }, { by: ADA }) });
    const current = await store.drafts.current(TENANT, id);
    assert.deepEqual([current?.revision, current?.by, current?.savedAt], [2, ADA, AT]);
  });

  check("a workflow is made together with a version that is not live, or not at all", async ({ workflows }) => {
    const given = newWorkflow({ version: newVersion({ a: 1 }, { by: ADA }) });
    const { id, liveVersion } = await workflows.create(TENANT, given);
    assert.equal(liveVersion, null);
    assert.deepEqual(
      (await workflows.versions(TENANT, id)).map(({ version, live, releasedAt, by }) => [version, live, releasedAt, by]),
      [["1.0.0", false, null, ADA]],
    );
    const wrong = newWorkflow({ version: { ...newVersion({}), hash: "00" } });
    await assert.rejects(workflows.create(TENANT, wrong), TypeError);
    assert.equal(await workflows.get(TENANT, wrong.id), null);
    assert.equal(await workflows.promote(TENANT, id, "1.0.0", AT + 5), null);
    assert.equal((await workflows.versions(TENANT, id))[0]?.releasedAt, AT + 5);
  });

  check("a copy has the document and the layout of its source, and a name of its own", async (store) => {
    const { workflows } = store;
    const id = await published(store);
    assert.equal(await workflows.copyVersion(TENANT, id, copyOf("1.0.0", { note: "back", by: ADA })), "1.0.2");
    const source = await workflows.version(TENANT, id, "1.0.0");
    const copy = await workflows.version(TENANT, id, "1.0.2");
    assert.deepEqual(copy, { ...source, number: 3, version: "1.0.2", note: "back", by: ADA, createdAt: AT + 90, releasedAt: null });
    assert.equal((await workflows.get(TENANT, id))?.liveVersion, "1.0.1");
  });

  check("what a version changes is kept in numbers, through its release too; none is none, and a copy has its own note", async (store) => {
    const { workflows } = store;
    const id = await published(store);
    for (const [a, changes] of [
      [5, { changed: 2, edgesAdded: 1 }],
      [6, {}],
    ] as const)
      await workflows.publish(TENANT, id, newVersion({ a }, { changes }));
    await workflows.promote(TENANT, id, "1.0.2", AT + 5);
    await workflows.copyVersion(TENANT, id, copyOf("1.0.2"));
    const kept = (await workflows.versions(TENANT, id)).map(({ version, changes }) => [version, changes]);
    assert.deepEqual(kept, [
      ["1.0.4", null],
      ["1.0.3", {}],
      ["1.0.2", { changed: 2, edgesAdded: 1 }],
      ["1.0.1", null],
      ["1.0.0", null],
    ]);
    assert.deepEqual((await workflows.version(TENANT, id, "1.0.2"))?.changes, { changed: 2, edgesAdded: 1 });
  });

  check("a copy is live at once where that is asked for; the names go on from the newest that ends in a number", async (store) => {
    const { workflows } = store;
    const id = await published(store);
    assert.equal(await workflows.copyVersion(TENANT, id, copyOf("1.0.0", { name: "summer", live: true })), "summer");
    const [newest] = await workflows.versions(TENANT, id);
    assert.deepEqual([newest?.version, newest?.live, newest?.releasedAt], ["summer", true, AT + 90]);
    const row = await workflows.get(TENANT, id);
    assert.deepEqual([row?.liveVersion, row?.updatedAt, row?.revision], ["summer", AT + 90, 1]);
    assert.equal(await workflows.copyVersion(TENANT, id, copyOf("summer")), "1.0.2");
  });

  check("a copy that is refused changes nothing", async (store) => {
    const { workflows } = store;
    const id = await published(store);
    const draft = await workflows.keepDraft(TENANT, id, newVersion({ a: 9 }));
    await assert.rejects(workflows.copyVersion(TENANT, id, copyOf("1.0.0", { name: "1.0.1", live: true })), VersionTaken);
    for (const source of ["9.9.9", draft]) await assert.rejects(workflows.copyVersion(TENANT, id, copyOf(source)), NotFound);
    await assert.rejects(workflows.copyVersion(OTHER_TENANT, id, copyOf("1.0.0")), NotFound);
    assert.equal((await workflows.get(TENANT, id))?.liveVersion, "1.0.1");
    assert.equal((await workflows.versions(TENANT, id)).length, 2);
  });

  check("the last runs of a workflow are counted by version: all, ended, failed", async (store) => {
    const id = await published(store);
    const other = await published(store);
    const run = (version: string, workflowId = id) => newRun({ workflowId, version });
    for (const ended of [run("1.0.0"), run("1.0.0"), run("1.0.1"), run("1.0.1", other)]) await acceptEnded(store.runs, ended);
    await acceptFailed(store.runs, run("1.0.1"));
    await acceptRunning(store.runs, run("1.0.1"));
    assert.deepEqual(
      await store.workflows.versionRuns(TENANT, id, 10),
      new Map([
        ["1.0.0", { total: 2, ended: 2, failed: 0 }],
        ["1.0.1", { total: 3, ended: 2, failed: 1 }],
      ]),
    );
    assert.deepEqual(await store.workflows.versionRuns(TENANT, id, 2), new Map([["1.0.1", { total: 2, ended: 1, failed: 1 }]]));
    assert.deepEqual(await store.workflows.versionRuns(OTHER_TENANT, id, 10), new Map());
  });

  check("the list goes on from the last number seen", async ({ workflows }) => {
    const { id } = await workflows.create(TENANT, newWorkflow());
    for (let n = 0; n < 5; n++) await workflows.publish(TENANT, id, newVersion({ n } as JsonObject));
    const first = await workflows.versions(TENANT, id, { limit: 2 });
    const rest = await workflows.versions(TENANT, id, { limit: 9, before: first.at(-1)?.number ?? 0 });
    assert.deepEqual(
      [first, rest].map((rows) => rows.map(({ version }) => version)),
      [
        ["1.0.4", "1.0.3"],
        ["1.0.2", "1.0.1", "1.0.0"],
      ],
    );
  });
}
