import assert from "node:assert/strict";
import { test } from "node:test";
import type { Author } from "#store/author";
import { DRAFT_ENTRY_MS, DRAFT_HISTORY_BYTES, DRAFT_HISTORY_ENTRIES } from "#store/draft-store";
import { NotFound, StaleRevision } from "#store/errors";
import type { Store } from "#store/store";
import { type OpenStore, OTHER_TENANT, TENANT, withStore } from "#store/testing/fixture";
import { AT } from "#store/testing/runs";
import { newWorkflow } from "#store/testing/workflow.testsuite";

const ADA: Author = { kind: "member", id: "a", name: "ada@example.com" };
const BEN: Author = { kind: "key", id: "b", name: "ci" };

export function draftSuite(open: OpenStore): void {
  const check = (name: string, body: (store: Store) => Promise<void>) =>
    test(
      name,
      withStore(open, ({ store }) => body(store)),
    );

  check("the history has each state of the draft, the last first, and each refused save", async ({ workflows, drafts }) => {
    const { id, name, document } = await workflows.create(TENANT, { ...newWorkflow({ at: AT }), by: ADA });
    await workflows.saveDraft(TENANT, id, { name, document: { a: 1 }, at: AT + 1, by: BEN });
    const late = { document: { b: 1 }, revision: 1, at: AT + 2, by: ADA, editor: "tab" };
    await assert.rejects(workflows.saveDraft(TENANT, id, { name, ...late, ifRevision: 1 }), StaleRevision);
    assert.equal(await drafts.keepRefused(TENANT, id, late), 3);
    const [refused, saved, created] = await drafts.list(TENANT, id, { limit: 10 });
    assert.deepEqual(refused, { entry: 3, outcome: "refused", revision: 1, editor: "tab", by: ADA, savedAt: AT + 2, bytes: 7 });
    assert.deepEqual(saved, { entry: 2, outcome: "saved", revision: 2, editor: null, by: BEN, savedAt: AT + 1, bytes: 7 });
    assert.deepEqual([created?.entry, created?.revision, created?.by], [1, 1, ADA]);
    assert.deepEqual((await drafts.get(TENANT, id, 1))?.document, document);
    assert.deepEqual((await drafts.get(TENANT, id, 3))?.document, { b: 1 });
    assert.deepEqual(await drafts.current(TENANT, id), saved);
    assert.deepEqual(await drafts.list(TENANT, id, { limit: 1, before: 3 }), [saved]);
    assert.equal(await drafts.get(TENANT, id, 4), null);
  });

  check("another tenant has no part in it", async ({ workflows, drafts }) => {
    const { id } = await workflows.create(TENANT, newWorkflow());
    assert.deepEqual(await drafts.list(OTHER_TENANT, id, { limit: 10 }), []);
    assert.equal(await drafts.get(OTHER_TENANT, id, 1), null);
    assert.equal(await drafts.current(OTHER_TENANT, id), null);
    await assert.rejects(drafts.keepRefused(OTHER_TENANT, id, { document: {}, revision: 1, at: AT }), NotFound);
  });

  check(
    "saves of one editor in a row are one entry for a minute; of two editors, or of none, each is one",
    async ({ workflows, drafts }) => {
      const { id, name } = await workflows.create(TENANT, newWorkflow({ at: AT }));
      const save = (at: number, value: number, editor?: string, by = ADA) =>
        workflows.saveDraft(TENANT, id, { name, document: { value }, at: AT + at, by, editor });
      const revisions = async () => (await drafts.list(TENANT, id, { limit: 100 })).map(({ revision }) => revision).reverse();
      await save(0, 2, "one");
      await save(1_000, 3, "one");
      await save(DRAFT_ENTRY_MS - 1, 4, "one");
      assert.deepEqual(await revisions(), [1, 4]);
      await save(DRAFT_ENTRY_MS, 5, "one");
      assert.deepEqual(await revisions(), [1, 4, 5]);
      await save(DRAFT_ENTRY_MS + 1, 6, "two");
      await save(DRAFT_ENTRY_MS + 2, 7, "one");
      await save(DRAFT_ENTRY_MS + 3, 8);
      await save(DRAFT_ENTRY_MS + 4, 9);
      await save(DRAFT_ENTRY_MS + 5, 10, "one", BEN);
      await save(DRAFT_ENTRY_MS + 6, 11, "one", ADA);
      assert.deepEqual(await revisions(), [1, 4, 5, 6, 7, 8, 9, 10, 11]);
    },
  );

  check("an editor that tries again and again keeps one entry of what was refused", async ({ workflows, drafts }) => {
    const { id } = await workflows.create(TENANT, newWorkflow({ at: AT }));
    for (const value of [1, 2, 3])
      await drafts.keepRefused(TENANT, id, { document: { value }, revision: 0, at: AT + value, editor: "tab" });
    const kept = await drafts.list(TENANT, id, { limit: 10 });
    assert.deepEqual(
      kept.map(({ outcome }) => outcome),
      ["refused", "saved"],
    );
    assert.deepEqual((await drafts.get(TENANT, id, kept[0]?.entry ?? 0))?.document, { value: 3 });
  });

  check("so many entries are kept, and the oldest go", async ({ workflows, drafts }) => {
    const { id, name } = await workflows.create(TENANT, newWorkflow());
    for (let value = 2; value <= DRAFT_HISTORY_ENTRIES; value++)
      await workflows.saveDraft(TENANT, id, { name, document: { value }, at: AT });
    const before = await drafts.list(TENANT, id, { limit: 1_000 });
    assert.deepEqual([before.length, before.at(-1)?.revision], [DRAFT_HISTORY_ENTRIES, 1]);
    await workflows.saveDraft(TENANT, id, { name, document: {}, at: AT });
    const after = await drafts.list(TENANT, id, { limit: 1_000 });
    assert.deepEqual([after.length, after.at(-1)?.revision], [DRAFT_HISTORY_ENTRIES, 2]);
  });

  check("so many bytes are kept, and the last entry whatever its size", async ({ workflows, drafts }) => {
    const { id, name } = await workflows.create(TENANT, newWorkflow());
    const half = { text: "x".repeat(DRAFT_HISTORY_BYTES / 2 - '{"text":""}'.length) };
    const save = (document: { text: string }) => workflows.saveDraft(TENANT, id, { name, document, at: AT });
    const revisions = async () => (await drafts.list(TENANT, id, { limit: 100 })).map(({ revision }) => revision);
    await save(half);
    await save(half);
    assert.deepEqual(await revisions(), [3, 2]);
    await save({ text: "y" });
    assert.deepEqual(await revisions(), [4, 3]);
    await save({ text: "z".repeat(DRAFT_HISTORY_BYTES) });
    assert.deepEqual(await revisions(), [5]);
  });

  check("the history goes with its workflow", async ({ workflows, drafts }) => {
    const { id } = await workflows.create(TENANT, newWorkflow());
    await workflows.delete(TENANT, id, AT);
    assert.deepEqual(await drafts.list(TENANT, id, { limit: 10 }), []);
  });
}
