import type { ConnectionView, SecretView } from "@millrace/contract";
import { useQuery } from "@tanstack/react-query";
import { Ellipsis, KeySquare, Pencil, Plug, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { connectionsQuery, deleteConnection, deleteSecret, secretsQuery } from "#api/connections.ts";
import { useAction } from "#app/use-action.ts";
import { ConnectionCard } from "#pages/connections/connection-card.tsx";
import { ConnectionForm } from "#pages/connections/connection-form.tsx";
import { SecretForm } from "#pages/connections/secret-form.tsx";
import { useText } from "#pages/connections/text.ts";
import { useFormat } from "#text/format.ts";
import { Button, IconButton } from "#ui/button.tsx";
import { Confirm } from "#ui/confirm.tsx";
import { Menu } from "#ui/menu.tsx";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";
import { Empty, Page } from "#ui/page.tsx";
import { type Column, Table } from "#ui/table.tsx";

/** What is open over the lists; null in it: a new one. */
type Open =
  | { readonly what: "connection"; readonly of: ConnectionView | null }
  | { readonly what: "secret"; readonly of: SecretView | null }
  | { readonly what: "delete"; readonly kind: "connection" | "secret"; readonly of: ConnectionView | SecretView }
  | null;

export default function ConnectionsPage() {
  const t = useText();
  const [open, setOpen] = useState<Open>(null);
  const shut = () => setOpen(null);
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Connections onOpen={setOpen} />
      <Secrets onOpen={setOpen} />
      {open?.what === "connection" && <ConnectionForm connection={open.of} onClose={shut} />}
      {open?.what === "secret" && <SecretForm name={open.of?.name ?? null} onClose={shut} />}
      {open?.what === "delete" && <Delete kind={open.kind} of={open.of} onClose={shut} />}
    </Page>
  );
}

interface ListProps {
  readonly onOpen: (open: Open) => void;
}

function Connections({ onOpen }: ListProps) {
  const t = useText();
  const { data, error, refetch, isPending } = useQuery(connectionsQuery);
  return (
    <section className="flex flex-col gap-3">
      <header className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="text-lg font-semibold">{t("connections")}</h2>
        <Button kind="primary" icon={Plus} needs="edit" onClick={() => onOpen({ what: "connection", of: null })}>
          {t("connections.new")}
        </Button>
      </header>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {isPending && !error && <Skeleton rows={3} />}
      {data?.length === 0 && <Empty icon={Plug} title={t("connections.empty")} />}
      <ul className="grid grid-cols-1 gap-3 lg:grid-cols-2">
        {data?.map((connection) => (
          <ConnectionCard
            key={connection.name}
            connection={connection}
            onChange={() => onOpen({ what: "connection", of: connection })}
            onDelete={() => onOpen({ what: "delete", kind: "connection", of: connection })}
          />
        ))}
      </ul>
    </section>
  );
}

function Secrets({ onOpen }: ListProps) {
  const t = useText();
  const { data, error, refetch, isPending } = useQuery(secretsQuery);
  return (
    <section className="flex flex-col gap-3">
      <header className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="text-lg font-semibold">{t("secrets")}</h2>
        <Button icon={Plus} needs="edit" onClick={() => onOpen({ what: "secret", of: null })}>
          {t("secrets.new")}
        </Button>
      </header>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {isPending && !error && <Skeleton rows={3} />}
      {data?.length === 0 && <Empty icon={KeySquare} title={t("secrets.empty")} />}
      {data && data.length > 0 && <SecretTable secrets={data} onOpen={onOpen} />}
    </section>
  );
}

function SecretTable({ secrets, onOpen }: ListProps & { secrets: readonly SecretView[] }) {
  const t = useText();
  const format = useFormat();
  const now = Date.now();
  const columns: readonly Column<SecretView>[] = [
    {
      key: "name",
      title: t("form.name"),
      head: true,
      cell: ({ name }) => <code className="font-medium [overflow-wrap:anywhere]">{name}</code>,
    },
    { key: "value", title: t("form.value"), cell: () => "••••••••" },
    {
      key: "used",
      title: t("used"),
      cell: ({ workflows }) =>
        workflows.length === 0 ? <span className="text-quiet">{t("used.none")}</span> : workflows.map(({ name }) => name).join(", "),
    },
    {
      key: "last",
      title: "",
      cell: ({ lastUsedAt, updatedAt }) => (
        <span className="text-sm text-quiet">
          {t("changed", { when: format.relative(updatedAt, now) })} ·{" "}
          {lastUsedAt === undefined ? t("used.never") : t("used.at", { when: format.relative(lastUsedAt, now) })}
        </span>
      ),
    },
    {
      key: "menu",
      title: "",
      end: true,
      cell: (secret) => (
        <Menu
          trigger={<IconButton size="small" icon={Ellipsis} label={t("actions", { name: secret.name })} />}
          items={[
            { key: "edit", label: t("edit"), icon: Pencil, needs: "edit", onSelect: () => onOpen({ what: "secret", of: secret }) },
            {
              key: "delete",
              label: t("delete"),
              icon: Trash2,
              danger: true,
              needs: "edit",
              onSelect: () => onOpen({ what: "delete", kind: "secret", of: secret }),
            },
          ]}
        />
      ),
    },
  ];
  return <Table label={t("secrets")} rows={secrets} columns={columns} rowKey={({ name }) => name} />;
}

interface DeleteProps {
  readonly kind: "connection" | "secret";
  readonly of: ConnectionView | SecretView;
  readonly onClose: () => void;
}

function Delete({ kind, of: { name, workflows }, onClose }: DeleteProps) {
  const t = useText();
  const remove = useAction({
    run: kind === "connection" ? deleteConnection : deleteSecret,
    done: () => t("delete.done", { name }),
    changes: [["connections"], ["secrets"]],
    onDone: onClose,
  });
  const used = workflows.map((workflow) => workflow.name).join(", ");
  return (
    <Confirm
      open
      onClose={onClose}
      title={t("delete.title", { name })}
      effect={used === "" ? t("delete.effect") : t("delete.effect.used", { workflows: used })}
      action={t("delete.action")}
      busy={remove.isPending}
      onConfirm={() => remove.mutate(name)}
    />
  );
}
