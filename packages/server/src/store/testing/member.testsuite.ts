import assert from "node:assert/strict";
import { test } from "node:test";
import { EmailTaken, LastOwner, NotFound } from "#store/errors";
import type { MemberRow, MemberStore, NewInvitation, NewMember, NewSession, SessionOwner } from "#store/member-store";
import type { Store } from "#store/store";
import { type OpenStore, OTHER_TENANT, TENANT, withStore } from "#store/testing/fixture";
import { newKey } from "#store/testing/key.testsuite";
import { AT } from "#store/testing/runs";

let made = 0;

function newMember(values: Partial<NewMember> = {}): NewMember {
  made += 1;
  const id = `member${made}`;
  return { id, email: `${id}@example.com`, name: id, role: "owner", password: `$scrypt$${id}`, createdAt: AT + made, ...values };
}

function newInvitation(values: Partial<NewInvitation> = {}): NewInvitation {
  made += 1;
  const id = `invitation${made}`;
  const times = { createdAt: AT + made, expiresAt: AT + 1_000_000 };
  return { id, hash: `hash of ${id}`, email: `${id}@example.com`, role: "editor", ...times, ...values };
}

function newSession(of: SessionOwner, values: Partial<NewSession> = {}): NewSession {
  made += 1;
  const id = `session${made}`;
  const times = { createdAt: AT + made, expiresAt: AT + 1_000_000 };
  return { id, hash: `hash of ${id}`, of, address: "192.0.2.1", userAgent: "a browser", ...times, ...values };
}

/** A member beside the first owner. */
async function join(members: MemberStore, role: NewMember["role"]): Promise<MemberRow> {
  const invitation = newInvitation({ role });
  await members.invite(TENANT, invitation);
  const { id, name, password } = newMember();
  const member = await members.accept(invitation.hash, { id, name, password }, AT);
  assert.ok(member);
  return member;
}

export function memberSuite(open: OpenStore): void {
  const check = (name: string, body: (store: Store) => Promise<void>) =>
    test(
      name,
      withStore(open, ({ store }) => body(store)),
    );

  check("the first owner is made once, however many ask at the same time", async ({ members }) => {
    assert.equal(await members.hasOwner(TENANT), false);
    const asked = [newMember(), newMember(), newMember()];
    const answers = await Promise.all(asked.map((member) => members.createFirst(TENANT, member)));
    assert.deepEqual(answers, [true, false, false]);
    const [first] = asked;
    assert.ok(first);
    const row = { ...first, tenantId: TENANT, state: "active", lastSignInAt: null };
    assert.deepEqual(await members.list(TENANT), [row]);
    assert.deepEqual(await members.findByEmail(TENANT, first.email), row);
    assert.deepEqual(await members.get(TENANT, first.id), row);
    assert.equal(await members.hasOwner(TENANT), true);
    assert.equal(await members.hasOwner(OTHER_TENANT), false);
  });

  check(
    "an owner from the data directory is new, or the member with this email with another password and no session",
    async ({ members }) => {
      await members.putOwner(TENANT, newMember());
      const viewer = await join(members, "viewer");
      await members.update(TENANT, viewer.id, { state: "disabled" });
      await members.beginSession(TENANT, newSession({ memberId: viewer.id }));
      const owner = await members.putOwner(TENANT, newMember({ email: viewer.email, password: "$new" }));
      assert.deepEqual(owner, { ...viewer, role: "owner", state: "active", password: "$new" });
      assert.deepEqual(await members.get(TENANT, viewer.id), owner);
      assert.deepEqual(await members.sessions(TENANT, { memberId: viewer.id }), []);
    },
  );

  check("the last owner who can sign in is neither demoted, disabled nor removed, also by two at once", async ({ members }) => {
    const first = newMember();
    await members.createFirst(TENANT, first);
    const second = await join(members, "owner");
    await members.update(TENANT, second.id, { state: "disabled" });
    for (const change of [{ role: "editor" }, { state: "disabled" }] as const)
      await assert.rejects(members.update(TENANT, first.id, change), LastOwner);
    await assert.rejects(members.remove(TENANT, first.id), LastOwner);
    assert.deepEqual((await members.get(TENANT, first.id))?.role, "owner");
    await members.update(TENANT, second.id, { state: "active" });
    const both = [first.id, second.id].map((id) => members.update(TENANT, id, { role: "viewer" }));
    const settled = await Promise.allSettled(both);
    assert.deepEqual(settled.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    assert.equal(await members.hasOwner(TENANT), true);
  });

  check("a member changes, is disabled with all sessions, and is removed", async ({ members }) => {
    await members.createFirst(TENANT, newMember());
    const member = await join(members, "editor");
    await members.beginSession(TENANT, newSession({ memberId: member.id }));
    assert.equal((await members.update(TENANT, member.id, { role: "operator" })).role, "operator");
    assert.equal((await members.sessions(TENANT, { memberId: member.id })).length, 1, "another role ends no session");
    await members.update(TENANT, member.id, { state: "disabled" });
    assert.deepEqual(await members.sessions(TENANT, { memberId: member.id }), []);
    await members.beginSession(TENANT, newSession({ memberId: member.id }));
    await members.remove(TENANT, member.id);
    assert.equal(await members.get(TENANT, member.id), null);
    for (const id of [member.id, "unknown"]) {
      await assert.rejects(members.update(TENANT, id, { role: "viewer" }), NotFound);
      await assert.rejects(members.remove(TENANT, id), NotFound);
    }
  });

  check("a new password ends the other sessions; the same one hashed anew ends none", async ({ members }) => {
    const owner = newMember();
    await members.createFirst(TENANT, owner);
    const [kept, other] = [newSession({ memberId: owner.id }), newSession({ memberId: owner.id })];
    for (const session of [kept, other]) await members.beginSession(TENANT, session);
    await members.setPassword(TENANT, owner.id, "$rehashed", null);
    assert.equal((await members.sessions(TENANT, { memberId: owner.id })).length, 2);
    await members.setPassword(TENANT, owner.id, "$new", { keep: kept.id });
    assert.deepEqual(
      (await members.sessions(TENANT, { memberId: owner.id })).map(({ id }) => id),
      [kept.id],
    );
    assert.equal((await members.get(TENANT, owner.id))?.password, "$new");
    await members.noteSignIn(TENANT, owner.id, AT + 77);
    assert.equal((await members.get(TENANT, owner.id))?.lastSignInAt, AT + 77);
  });

  check("an invitation is accepted once, before its time is over, and makes the member", async ({ members }) => {
    await members.createFirst(TENANT, newMember());
    const invitation = newInvitation({ expiresAt: AT + 100 });
    await members.invite(TENANT, invitation);
    const { hash: _, ...served } = invitation;
    assert.deepEqual(await members.invitations(TENANT, AT), [{ ...served, tenantId: TENANT }]);
    assert.deepEqual(await members.invitations(TENANT, AT + 100), []);
    const { id, name, password } = newMember();
    const accept = (now: number) => members.accept(invitation.hash, { id, name, password }, now);
    assert.equal(await accept(AT + 100), null);
    const [first, second] = await Promise.all([accept(AT + 99), accept(AT + 99)]);
    const { email, role } = invitation;
    assert.deepEqual(first, { id, name, password, email, role, tenantId: TENANT, state: "active", createdAt: AT + 99, lastSignInAt: null });
    assert.equal(second, null);
    assert.deepEqual(await members.invitations(TENANT, AT), []);
  });

  check("an invitation takes the place of the one before, is revoked once, and never for a member's email", async ({ members }) => {
    const owner = newMember();
    await members.createFirst(TENANT, owner);
    const [first, second] = [newInvitation({ email: "a@b" }), newInvitation({ email: "a@b", role: "viewer" })];
    for (const invitation of [first, second]) await members.invite(TENANT, invitation);
    assert.deepEqual(
      (await members.invitations(TENANT, AT)).map(({ id }) => id),
      [second.id],
    );
    assert.equal(await members.accept(first.hash, newMember(), AT), null);
    assert.equal(await members.revokeInvitation(OTHER_TENANT, second.id), false);
    assert.deepEqual([await members.revokeInvitation(TENANT, second.id), await members.revokeInvitation(TENANT, second.id)], [true, false]);
    await assert.rejects(members.invite(TENANT, newInvitation({ email: owner.email })), EmailTaken);
    const late = newInvitation({ email: "late@b" });
    await members.invite(TENANT, late);
    await members.putOwner(TENANT, newMember({ email: "late@b" }));
    await assert.rejects(members.accept(late.hash, newMember(), AT), EmailTaken);
  });

  check("a session is found by its cookie's hash, is a member's or a key's, and ends once", async ({ members, keys }) => {
    const owner = newMember();
    await members.createFirst(TENANT, owner);
    const key = newKey();
    await keys.create(TENANT, key);
    for (const whose of [{ memberId: owner.id }, { keyId: key.id }]) {
      const session = newSession(whose);
      const { hash, ...served } = session;
      await members.beginSession(TENANT, session);
      const row = { ...served, tenantId: TENANT, lastUsedAt: session.createdAt };
      assert.deepEqual(await members.findSession(hash), row);
      assert.deepEqual(await members.sessions(TENANT, whose), [row]);
      await members.touchSession(TENANT, session.id, AT + 500);
      await members.touchSession(TENANT, session.id, AT + 400);
      assert.equal((await members.findSession(hash))?.lastUsedAt, AT + 500);
      assert.equal(await members.endSession(OTHER_TENANT, session.id), false);
      assert.deepEqual([await members.endSession(TENANT, session.id), await members.endSession(TENANT, session.id)], [true, false]);
      assert.equal(await members.findSession(hash), null);
    }
  });

  check("what is over is forgotten", async ({ members }) => {
    const owner = newMember();
    await members.createFirst(TENANT, owner);
    const of = { memberId: owner.id };
    const [over, idle, live] = [newSession(of, { expiresAt: AT + 50 }), newSession(of), newSession(of)];
    for (const session of [over, idle, live]) await members.beginSession(TENANT, session);
    for (const { id } of [over, live]) await members.touchSession(TENANT, id, AT + 40_000);
    await members.invite(TENANT, newInvitation({ expiresAt: AT + 50 }));
    await members.invite(TENANT, newInvitation({ expiresAt: AT + 51 }));
    assert.equal(await members.tidy(AT + 50, AT + 39_000), 3);
    assert.deepEqual(
      (await members.sessions(TENANT, of)).map(({ id }) => id),
      [live.id],
    );
    assert.equal((await members.invitations(TENANT, AT)).length, 1);
  });

  check("another tenant sees and changes nothing", async ({ members }) => {
    const owner = newMember();
    await members.createFirst(TENANT, owner);
    await members.createFirst(OTHER_TENANT, newMember({ email: owner.email }));
    assert.equal((await members.list(OTHER_TENANT)).length, 1);
    assert.equal(await members.get(OTHER_TENANT, owner.id), null);
    await assert.rejects(members.update(OTHER_TENANT, owner.id, { role: "viewer" }), NotFound);
    await assert.rejects(members.remove(OTHER_TENANT, owner.id), NotFound);
    await assert.rejects(members.setPassword(OTHER_TENANT, owner.id, "$x", null), NotFound);
    await members.noteSignIn(OTHER_TENANT, owner.id, AT);
    assert.deepEqual(await members.get(TENANT, owner.id), { ...owner, tenantId: TENANT, state: "active", lastSignInAt: null });
  });
}
