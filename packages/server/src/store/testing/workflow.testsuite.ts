import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import type { Json, JsonObject } from "@millrace/contract";
import { NameTaken, NotFound, StaleRevision } from "#store/errors";
import type { NewWorkflow, Store } from "#store/store";
import { type OpenStore, OTHER_TENANT, TENANT, withStore } from "#store/testing/fixture";
import { AT } from "#store/testing/runs";
import type { NewVersion } from "#store/version-store";

let made = 0;

export function newWorkflow(values: Partial<NewWorkflow> = {}): NewWorkflow {
  made += 1;
  return {
    id: made.toString(16).padStart(24, "0"),
    name: `workflow${made}`,
    document: { name: `workflow${made}` },
    at: AT + made,
    ...values,
  };
}

export function newVersion(document: JsonObject, values: Partial<NewVersion> = {}): NewVersion {
  const canonical = JSON.stringify(document);
  return { canonical, hash: createHash("sha256").update(canonical).digest("hex"), layout: null, note: "", at: AT, ...values };
}

export function workflowSuite(open: OpenStore): void {
  const check = (name: string, body: (store: Store) => Promise<void>) =>
    test(
      name,
      withStore(open, ({ store }) => body(store)),
    );

  check("a workflow is found by its id and by its name", async ({ workflows }) => {
    const given = newWorkflow();
    const expected = {
      ...{ id: given.id, name: given.name, document: given.document, revision: 1, liveVersion: null, apiEnabled: true },
      ...{ createdAt: given.at, updatedAt: given.at, deletedAt: null },
    };
    assert.deepEqual(await workflows.create(TENANT, given), expected);
    assert.deepEqual(await workflows.get(TENANT, given.id), expected);
    assert.deepEqual(await workflows.get(TENANT, given.name), expected);
    assert.equal(await workflows.get(TENANT, "unknown"), null);
  });

  check("a kept draft is read like a version, is in no list, and is the same for the same document", async ({ workflows }) => {
    const { id } = await workflows.create(TENANT, newWorkflow());
    const draft = newVersion({ nodes: ["a"] }, { layout: '{"a":[0,0]}' });
    const name = await workflows.keepDraft(TENANT, id, draft);
    assert.equal(await workflows.keepDraft(TENANT, id, draft), name);
    assert.notEqual(await workflows.keepDraft(TENANT, id, newVersion({ nodes: ["b"] })), name);
    const read = await workflows.version(TENANT, id, name);
    assert.deepEqual([read?.document, read?.live], [{ nodes: ["a"], layout: { a: [0, 0] } }, false]);
    assert.deepEqual(await workflows.versions(TENANT, id), []);
    assert.equal(await workflows.version(OTHER_TENANT, id, name), null);
    await assert.rejects(workflows.keepDraft(OTHER_TENANT, id, draft), NotFound);
    await assert.rejects(workflows.promote(TENANT, id, name, AT), NotFound);
  });

  check("a name is unique in its tenant, among the workflows that are not deleted", async ({ workflows }) => {
    const first = newWorkflow();
    await workflows.create(TENANT, first);
    await assert.rejects(workflows.create(TENANT, newWorkflow({ name: first.name })), NameTaken);
    await workflows.create(OTHER_TENANT, newWorkflow({ name: first.name }));
    const second = newWorkflow();
    await workflows.create(TENANT, second);
    await assert.rejects(workflows.saveDraft(TENANT, second.id, { name: first.name, document: {}, at: AT }), NameTaken);
    await workflows.delete(TENANT, first.id, AT);
    await workflows.saveDraft(TENANT, second.id, { name: first.name, document: {}, at: AT });
    assert.equal((await workflows.get(TENANT, first.name))?.id, second.id);
  });

  check("a draft is saved under the next revision, unless it was made from an older one", async ({ workflows }) => {
    const { id } = await workflows.create(TENANT, newWorkflow());
    assert.equal(await workflows.saveDraft(TENANT, id, { name: "renamed", document: { a: 1 }, at: AT + 100, ifRevision: 1 }), 2);
    assert.equal(await workflows.saveDraft(TENANT, id, { name: "renamed", document: { a: 2 }, at: AT + 200 }), 3);
    await assert.rejects(
      workflows.saveDraft(TENANT, id, { name: "late", document: { a: 3 }, at: AT + 300, ifRevision: 2 }),
      (error) => error instanceof StaleRevision && error.revision === 3,
    );
    const { name, document, revision, updatedAt } = (await workflows.get(TENANT, id)) ?? assert.fail();
    assert.deepEqual({ name, document, revision, updatedAt }, { name: "renamed", document: { a: 2 }, revision: 3, updatedAt: AT + 200 });
  });

  check("the first published document is version 1.0.0, the next 1.0.1, and the live one is not published twice", async ({ workflows }) => {
    const { id } = await workflows.create(TENANT, newWorkflow());
    const publish = (document: JsonObject, at: number) =>
      workflows.publish(TENANT, id, newVersion(document, { at, note: `note ${at - AT}` }));
    assert.deepEqual(await publish({ a: 1 }, AT + 1), { version: "1.0.0", previousVersion: null, changed: true });
    assert.deepEqual(await publish({ a: 1 }, AT + 2), { version: "1.0.0", previousVersion: "1.0.0", changed: false });
    assert.deepEqual(await publish({ a: 2 }, AT + 3), { version: "1.0.1", previousVersion: "1.0.0", changed: true });
    // The first document again: it is not the live one.
    assert.deepEqual(await publish({ a: 1 }, AT + 4), { version: "1.0.2", previousVersion: "1.0.1", changed: true });
    assert.equal((await workflows.get(TENANT, id))?.liveVersion, "1.0.2");
    assert.deepEqual(
      (await workflows.versions(TENANT, id)).map(({ version, live, note, createdAt, releasedAt }) => [
        version,
        live,
        note,
        createdAt,
        releasedAt,
      ]),
      [
        ["1.0.2", true, "note 4", AT + 4, AT + 4],
        ["1.0.1", false, "note 3", AT + 3, AT + 3],
        ["1.0.0", false, "note 1", AT + 1, AT + 1],
      ],
    );
  });

  check("a version's document has its layout again, and its hash is checked before it is taken", async ({ workflows }) => {
    const { id } = await workflows.create(TENANT, newWorkflow());
    const given = newVersion({ nodes: [] }, { layout: '{"start":[0,0]}' });
    await assert.rejects(workflows.publish(TENANT, id, { ...given, hash: "00" }), TypeError);
    await workflows.publish(TENANT, id, given);
    assert.deepEqual(await workflows.version(TENANT, id, "1.0.0"), {
      ...{ number: 1, version: "1.0.0", hash: given.hash, note: "", changes: null, live: true, by: null, createdAt: AT, releasedAt: AT },
      document: { nodes: [], layout: { start: [0, 0] } },
    });
    assert.equal(await workflows.version(TENANT, id, "9.9.9"), null);
  });

  check("promoting moves the live pointer and says what was live before", async ({ workflows }) => {
    const { id } = await workflows.create(TENANT, newWorkflow());
    await workflows.publish(TENANT, id, newVersion({ a: 1 }));
    await workflows.publish(TENANT, id, newVersion({ a: 2 }));
    assert.equal(await workflows.promote(TENANT, id, "1.0.0", AT + 50), "1.0.1");
    assert.equal((await workflows.get(TENANT, id))?.liveVersion, "1.0.0");
    assert.deepEqual(
      (await workflows.versions(TENANT, id)).map(({ version, live, releasedAt }) => [version, live, releasedAt]),
      [
        ["1.0.1", false, AT],
        ["1.0.0", true, AT + 50],
      ],
    );
    await assert.rejects(workflows.promote(TENANT, id, "9.9.9", AT), NotFound);
    assert.equal((await workflows.get(TENANT, id))?.liveVersion, "1.0.0");
  });

  check("a deleted workflow is found by id only when asked for, and can no longer be changed", async ({ workflows }) => {
    const { id, name } = await workflows.create(TENANT, newWorkflow());
    await workflows.publish(TENANT, id, newVersion({ a: 1 }));
    await workflows.delete(TENANT, id, AT + 60);
    assert.equal(await workflows.get(TENANT, id), null);
    assert.equal(await workflows.get(TENANT, name, { deleted: true }), null);
    assert.equal((await workflows.get(TENANT, id, { deleted: true }))?.deletedAt, AT + 60);
    assert.deepEqual(await workflows.list(TENANT, { limit: 10 }), []);
    // Its runs go on with it.
    assert.ok(await workflows.version(TENANT, id, "1.0.0"));
    await assert.rejects(workflows.delete(TENANT, id, AT), NotFound);
    await assert.rejects(workflows.saveDraft(TENANT, id, { name, document: {}, at: AT }), NotFound);
    await assert.rejects(workflows.setApiEnabled(TENANT, id, true, AT), NotFound);
    await assert.rejects(workflows.publish(TENANT, id, newVersion({ a: 2 })), NotFound);
    await assert.rejects(workflows.promote(TENANT, id, "1.0.0", AT), NotFound);
  });

  check("the API is disabled and enabled", async ({ workflows }) => {
    const { id } = await workflows.create(TENANT, newWorkflow());
    await workflows.setApiEnabled(TENANT, id, false, AT + 70);
    const row = await workflows.get(TENANT, id);
    assert.deepEqual([row?.apiEnabled, row?.updatedAt], [false, AT + 70]);
    await workflows.setApiEnabled(TENANT, id, true, AT + 71);
    assert.equal((await workflows.get(TENANT, id))?.apiEnabled, true);
  });

  check("tags of drafts are counted, and the list is of one of them; what is no list of texts has none", async ({ workflows }) => {
    const create = (tags: Json, tenant = TENANT) => workflows.create(tenant, newWorkflow({ document: { tags } }));
    const both = await create(["b\u0000", "a"]);
    const twice = await create(["a", "a"]);
    const gone = await create(["a"]);
    for (const tags of ["a", 5, { a: "a" }, null, [5, null, ["a"]]]) await create(tags);
    await create(["a"], OTHER_TENANT);
    await workflows.create(TENANT, newWorkflow({ document: { name: '"tags"' } }));
    await workflows.delete(TENANT, gone.id, AT + 100);
    assert.deepEqual(await workflows.tags(TENANT, 10), [
      { tag: "a", count: 2 },
      { tag: "b\u0000", count: 1 },
    ]);
    assert.deepEqual(await workflows.tags(TENANT, 1), [{ tag: "a", count: 2 }]);
    const listed = async (tag: string, page: { limit: number; cursor?: string } = { limit: 10 }) =>
      (await workflows.list(TENANT, { ...page, tag })).map(({ id }) => id);
    assert.deepEqual(await listed("a"), [twice.id, both.id]);
    assert.deepEqual(await listed("a", { limit: 1, cursor: twice.id }), [both.id]);
    assert.deepEqual(await listed("b\u0000"), [both.id]);
    for (const none of ["5", "A", ""]) assert.deepEqual(await listed(none), []);
    await workflows.saveDraft(TENANT, both.id, { name: both.name, document: { tags: ["c"] }, at: AT + 200 });
    assert.deepEqual([await listed("b\u0000"), await listed("c")], [[], [both.id]]);
  });

  check("the list is newest first, in pages, each going on after the last row seen", async ({ workflows }) => {
    // Two of the same millisecond: the id decides.
    const given = [
      newWorkflow({ at: AT }),
      newWorkflow({ at: AT + 1 }),
      newWorkflow({ at: AT + 1 }),
      newWorkflow({ at: AT + 2 }),
      newWorkflow({ at: AT + 3 }),
    ];
    for (const workflow of given) await workflows.create(TENANT, workflow);
    await workflows.create(OTHER_TENANT, newWorkflow());
    const seen: string[] = [];
    for (let page = await workflows.list(TENANT, { limit: 2 }); page.length > 0; ) {
      seen.push(...page.map(({ id }) => id));
      page = await workflows.list(TENANT, { limit: 2, cursor: seen.at(-1) ?? "" });
    }
    assert.deepEqual(seen, given.map(({ id }) => id).toReversed());
    await assert.rejects(workflows.list(TENANT, { limit: 2, cursor: "unknown" }), NotFound);
  });

  check("another tenant sees and changes nothing", async ({ workflows }) => {
    const { id, name } = await workflows.create(TENANT, newWorkflow());
    await workflows.publish(TENANT, id, newVersion({ a: 1 }));
    const before = await workflows.get(TENANT, id);
    assert.equal(await workflows.get(OTHER_TENANT, id, { deleted: true }), null);
    assert.equal(await workflows.get(OTHER_TENANT, name), null);
    assert.deepEqual(await workflows.list(OTHER_TENANT, { limit: 10 }), []);
    assert.deepEqual(await workflows.versions(OTHER_TENANT, id), []);
    assert.equal(await workflows.version(OTHER_TENANT, id, "1.0.0"), null);
    await assert.rejects(workflows.list(OTHER_TENANT, { limit: 10, cursor: id }), NotFound);
    await assert.rejects(workflows.saveDraft(OTHER_TENANT, id, { name: "mine", document: {}, at: AT }), NotFound);
    await assert.rejects(workflows.setApiEnabled(OTHER_TENANT, id, true, AT), NotFound);
    await assert.rejects(workflows.publish(OTHER_TENANT, id, newVersion({ a: 2 })), NotFound);
    await assert.rejects(workflows.promote(OTHER_TENANT, id, "1.0.0", AT), NotFound);
    await assert.rejects(workflows.delete(OTHER_TENANT, id, AT), NotFound);
    assert.deepEqual(await workflows.get(TENANT, id), before);
  });

  check("prototype keys and lone surrogates of a document survive", async ({ workflows }) => {
    const document: JsonObject = JSON.parse('{"__proto__":{"polluted":1},"constructor":"c","lone":"\\ud800","\\udc00":null}');
    const { id } = await workflows.create(TENANT, newWorkflow({ document }));
    const found = await workflows.get(TENANT, id);
    assert.equal(JSON.stringify(found?.document), JSON.stringify(document));
  });
}
