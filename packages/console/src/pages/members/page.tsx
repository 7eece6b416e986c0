import type { InviteAnswer, MemberView } from "@millrace/contract";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Ban, CircleCheck, Ellipsis, Trash2, UserPlus, Users } from "lucide-react";
import { useState } from "react";
import { invitationsQuery, membersQuery, removeMember, updateMember, withdrawInvitation } from "#api/members.ts";
import { whoQuery } from "#api/session.ts";
import { useAction } from "#app/use-action.ts";
import { Account } from "#pages/members/account.tsx";
import { Invite, InviteLink } from "#pages/members/invite.tsx";
import { ROLES, type Role } from "#pages/members/roles.ts";
import { useText } from "#pages/members/text.ts";
import { useFormat } from "#text/format.ts";
import { Button, IconButton } from "#ui/button.tsx";
import { Confirm } from "#ui/confirm.tsx";
import { Select } from "#ui/field.tsx";
import { Menu } from "#ui/menu.tsx";
import { More } from "#ui/more.tsx";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";
import { Card, Empty, Page } from "#ui/page.tsx";
import { useMay } from "#ui/permission.tsx";
import { type Column, Table } from "#ui/table.tsx";

/** Everybody has an account; who the others are is for owners. */
export default function MembersPage() {
  const t = useText();
  if (useMay()("administer")) return <Everybody />;
  return (
    <Page title={t("account")} lead={t("account.lead")}>
      <Account />
    </Page>
  );
}

function Everybody() {
  const t = useText();
  const [inviting, setInviting] = useState(false);
  const [link, setLink] = useState<InviteAnswer | null>(null);
  const list = useInfiniteQuery(membersQuery);
  const { data: members, error, refetch, isPending } = list;
  return (
    <Page
      title={t("title")}
      lead={t("lead")}
      actions={
        <Button kind="primary" icon={UserPlus} onClick={() => setInviting(true)}>
          {t("invite")}
        </Button>
      }
    >
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {isPending && !error && <Skeleton rows={3} />}
      {members?.length === 0 && <Empty icon={Users} title={t("empty")} />}
      {members && members.length > 0 && <MemberTable members={members} />}
      <More pages={list} />
      <Invitations />
      <Account />
      {inviting && (
        <Invite
          onClose={() => setInviting(false)}
          onInvited={(answer) => {
            setInviting(false);
            setLink(answer);
          }}
        />
      )}
      {link && <InviteLink invitation={link} onClose={() => setLink(null)} />}
    </Page>
  );
}

function MemberTable({ members }: { members: readonly MemberView[] }) {
  const t = useText();
  const format = useFormat();
  const { data: who } = useQuery(whoQuery);
  const [removing, setRemoving] = useState<MemberView | null>(null);
  const update = useAction({ run: updateMember, changes: [["members"]] });
  const columns: readonly Column<MemberView>[] = [
    {
      key: "email",
      title: t("email"),
      head: true,
      cell: ({ id, email, name }) => (
        <span className="[overflow-wrap:anywhere]">
          <span className="font-medium">{name ?? email}</span> {name !== undefined && <span className="text-quiet">{email}</span>}
          {who?.memberId === id && <span className="ms-1 rounded-full bg-quiet-soft px-2 text-sm text-quiet">{t("you")}</span>}
        </span>
      ),
    },
    {
      key: "role",
      title: t("role"),
      cell: ({ id, role, email }) => (
        <Select
          className=""
          aria-label={format.named(t("role"), email)}
          title={t(`role.${role}.hint`)}
          value={role}
          onChange={(event) => update.mutate({ id, role: event.target.value as Role })}
        >
          {ROLES.map((one) => (
            <option key={one} value={one}>
              {t(`role.${one}`)}
            </option>
          ))}
        </Select>
      ),
    },
    {
      key: "state",
      title: t("state"),
      cell: ({ state }) => <span className={state === "active" ? "text-good" : "text-quiet"}>{t(`state.${state}`)}</span>,
    },
    {
      key: "signed",
      title: t("signed.in"),
      end: true,
      cell: ({ lastSignInAt }) => (lastSignInAt === undefined ? t("never") : format.relative(lastSignInAt, Date.now())),
    },
    {
      key: "menu",
      title: "",
      end: true,
      cell: (member) => (
        <Menu
          trigger={<IconButton size="small" icon={Ellipsis} label={t("actions", { name: member.email })} />}
          items={[
            member.state === "active"
              ? { key: "disable", label: t("disable"), icon: Ban, onSelect: () => update.mutate({ id: member.id, state: "disabled" }) }
              : { key: "enable", label: t("enable"), icon: CircleCheck, onSelect: () => update.mutate({ id: member.id, state: "active" }) },
            { key: "remove", label: t("remove"), icon: Trash2, danger: true, onSelect: () => setRemoving(member) },
          ]}
        />
      ),
    },
  ];
  return (
    <>
      <Table label={t("title")} rows={members} columns={columns} rowKey={({ id }) => id} />
      {removing && <Remove member={removing} onClose={() => setRemoving(null)} />}
    </>
  );
}

function Remove({ member: { id, email }, onClose }: { member: MemberView; onClose: () => void }) {
  const t = useText();
  const remove = useAction({ run: removeMember, changes: [["members"]], onDone: onClose });
  return (
    <Confirm
      open
      onClose={onClose}
      title={t("remove.title", { name: email })}
      effect={t("remove.effect")}
      action={t("remove.action")}
      busy={remove.isPending}
      onConfirm={() => remove.mutate(id)}
    />
  );
}

function Invitations() {
  const t = useText();
  const format = useFormat();
  const { data: invitations = [] } = useQuery(invitationsQuery);
  const withdraw = useAction({ run: withdrawInvitation, changes: [["invitations"]] });
  if (invitations.length === 0) return null;
  return (
    <Card title={t("invitations")}>
      <ul className="flex flex-col gap-2">
        {invitations.map(({ id, email, role, expiresAt }) => (
          <li key={id} className="flex items-center justify-between gap-2">
            <span className="min-w-0 [overflow-wrap:anywhere]">
              {email}{" "}
              <span className="text-quiet">
                · {t(`role.${role}`)} · {t("invitation.until", { when: format.time(expiresAt) })}
              </span>
            </span>
            <Button size="small" className="shrink-0" onClick={() => withdraw.mutate(id)}>
              {t("withdraw")}
            </Button>
          </li>
        ))}
      </ul>
    </Card>
  );
}
