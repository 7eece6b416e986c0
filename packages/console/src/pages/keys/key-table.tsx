import type { KeyView } from "@millrace/contract";
import { useQuery } from "@tanstack/react-query";
import { Ellipsis, RotateCw, Trash2, TriangleAlert } from "lucide-react";
import { runStatsQuery } from "#api/stats.ts";
import { useText } from "#pages/keys/text.ts";
import { useFormat } from "#text/format.ts";
import { IconButton } from "#ui/button.tsx";
import { Menu } from "#ui/menu.tsx";
import { CountedSpark } from "#ui/spark.tsx";
import { type Column, Table } from "#ui/table.tsx";

const UNUSED_LONG_MS = 30 * 86_400_000;
const WEEK_HOURS = 168;

/** Nobody has used it for a month, if ever. */
export function isIdle({ lastUsedAt, createdAt }: KeyView, now: number): boolean {
  return now - (lastUsedAt ?? createdAt) > UNUSED_LONG_MS;
}

interface KeyTableProps {
  readonly keys: readonly KeyView[];
  readonly onRotate: (key: KeyView) => void;
  readonly onRevoke: (key: KeyView) => void;
}

export function KeyTable({ keys, onRotate, onRevoke }: KeyTableProps) {
  const t = useText();
  const format = useFormat();
  const now = Date.now();
  const { data: stats } = useQuery(runStatsQuery(WEEK_HOURS));
  const calls = new Map(stats?.keys.map((row) => [row.keyId, row]));
  const columns: readonly Column<KeyView>[] = [
    {
      key: "name",
      title: t("name"),
      head: true,
      cell: ({ name }) => <span className="inline-block font-medium [overflow-wrap:anywhere] lg:min-w-44">{name ?? t("unnamed")}</span>,
    },
    { key: "key", title: t("key"), cell: ({ hint }) => <code className="text-sm whitespace-nowrap">{hint}</code> },
    { key: "scope", title: t("scope"), cell: (key) => <Scope of={key} /> },
    { key: "created", title: t("created"), cell: ({ createdAt }) => <span className="whitespace-nowrap">{format.date(createdAt)}</span> },
    { key: "used", title: t("used"), cell: (key) => <LastUsed of={key} now={now} /> },
    {
      key: "calls",
      title: t("calls"),
      cell: ({ id }) => {
        const row = calls.get(id);
        return <CountedSpark of={row} label={t("spark", { count: row?.runs ?? 0, failed: row?.failed ?? 0 })} />;
      },
      end: true,
    },
    { key: "expires", title: t("expires"), cell: (key) => <Expiry of={key} now={now} /> },
    {
      key: "menu",
      title: "",
      end: true,
      cell: (key) => (
        <Menu
          trigger={<IconButton size="small" icon={Ellipsis} label={t("actions", { name: key.name ?? key.hint })} />}
          items={[
            {
              key: "rotate",
              label: t("rotate"),
              icon: RotateCw,
              needs: "edit",
              disabled: key.replacedBy !== undefined,
              onSelect: () => onRotate(key),
            },
            { key: "revoke", label: t("revoke"), icon: Trash2, danger: true, needs: "edit", onSelect: () => onRevoke(key) },
          ]}
        />
      ),
    },
  ];
  return <Table label={t("title")} rows={keys} columns={columns} rowKey={({ id }) => id} />;
}

function Scope({ of: { scopes, role, workflows } }: { of: KeyView }) {
  const t = useText();
  const names = workflows.length === 0 ? t("workflows.all") : workflows.map(({ name }) => name).join(", ");
  return (
    <span className="line-clamp-2 [overflow-wrap:anywhere] lg:min-w-28" title={names}>
      {role === undefined ? scopes.join(" ") : `admin (${role})`} <span className="text-quiet">· {names}</span>
    </span>
  );
}

function LastUsed({ of: key, now }: { of: KeyView; now: number }) {
  const t = useText();
  const format = useFormat();
  const { lastUsedAt, lastUsedFrom } = key;
  if (isIdle(key, now)) {
    return (
      <span className="inline-flex items-center gap-1 text-wait">
        <TriangleAlert size={14} aria-hidden="true" />
        {t("unused.long")}
      </span>
    );
  }
  return lastUsedAt === undefined ? (
    <span className="text-quiet">{t("used.never")}</span>
  ) : (
    <span title={format.time(lastUsedAt)}>
      <span className="whitespace-nowrap">{format.relative(lastUsedAt, now)}</span>{" "}
      {lastUsedFrom !== undefined && <span className="text-quiet">{lastUsedFrom}</span>}
    </span>
  );
}

function Expiry({ of: { expiresAt, replacedBy }, now }: { of: KeyView; now: number }) {
  const t = useText();
  const format = useFormat();
  if (expiresAt === undefined) return <span className="text-quiet">{t("never")}</span>;
  if (expiresAt <= now) return <span className="text-bad">{t("expired")}</span>;
  return (
    <span title={format.time(expiresAt)}>
      {format.relative(expiresAt, now)}
      {replacedBy !== undefined && <span className="text-quiet"> · {t("replaced")}</span>}
    </span>
  );
}
