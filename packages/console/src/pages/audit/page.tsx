import type { AuditView } from "@millrace/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { CircleCheck, CircleSlash, CircleX, ScrollText } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { auditQuery } from "#api/members.ts";
import { useText } from "#pages/audit/text.ts";
import { useFormat } from "#text/format.ts";
import { classes } from "#ui/classes.ts";
import { ForRole } from "#ui/closed.tsx";
import { CopyButton } from "#ui/copy.tsx";
import { Select, TextInput } from "#ui/field.tsx";
import { More } from "#ui/more.tsx";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";
import { Empty, Page } from "#ui/page.tsx";
import { type Column, Table } from "#ui/table.tsx";

const RESULTS = {
  done: { icon: CircleCheck, tone: "text-good" },
  refused: { icon: CircleSlash, tone: "text-wait" },
  failed: { icon: CircleX, tone: "text-bad" },
} as const satisfies Record<AuditView["result"], unknown>;

export default function AuditPage() {
  const t = useText();
  return (
    <ForRole needs="administer" title={t("title")} lead={t("lead")}>
      <Audit />
    </ForRole>
  );
}

function Audit() {
  const t = useText();
  const format = useFormat();
  const [result, setResult] = useState("");
  const [action, setAction] = useState("");
  const list = useInfiniteQuery(auditQuery({ result, action: useDeferredValue(action) }));
  const { data: rows, error, refetch, isPending } = list;
  return (
    <Page title={t("title")} lead={t("lead")} wide>
      <div className="flex flex-wrap gap-2 max-sm:flex-col">
        <Select className="" aria-label={t("filter.result")} value={result} onChange={(event) => setResult(event.target.value)}>
          <option value="">{format.named(t("filter.result"), t("filter.all"))}</option>
          {Object.keys(RESULTS).map((one) => (
            <option key={one} value={one}>
              {t(`result.${one as AuditView["result"]}`)}
            </option>
          ))}
        </Select>
        <TextInput
          className="w-60 max-w-full max-sm:w-full"
          aria-label={t("filter.action")}
          placeholder={format.named(t("filter.action"), "publishWorkflow")}
          value={action}
          onChange={(event) => setAction(event.target.value.trim())}
        />
      </div>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {isPending && !error && <Skeleton />}
      {rows?.length === 0 && <Empty icon={ScrollText} title={t("empty")} />}
      {rows && rows.length > 0 && <AuditTable rows={rows} />}
      <More pages={list} />
    </Page>
  );
}

function AuditTable({ rows }: { rows: readonly AuditView[] }) {
  const t = useText();
  const format = useFormat();
  const columns: readonly Column<AuditView>[] = [
    {
      key: "when",
      title: t("when"),
      head: true,
      cell: ({ at }) => <span className="inline-block lg:min-w-30.5 xl:whitespace-nowrap">{format.time(at)}</span>,
    },
    {
      key: "actor",
      title: t("actor"),
      cell: ({ actor }) => {
        if (actor.kind === "system" || actor.kind === "nobody") return actor.name ?? t(`actor.${actor.kind}`);
        return <Cut text={actor.name ?? actor.id ?? ""} />;
      },
    },
    { key: "action", title: t("action"), cell: ({ action }) => <code className="text-sm">{action}</code> },
    {
      key: "targets",
      title: t("targets"),
      cell: ({ targets }) =>
        Object.keys(targets).length > 0 && (
          <span className="flex min-w-0 flex-col gap-0.5 text-sm max-sm:items-end">
            {Object.entries(targets).map(([kind, name]) => (
              <span key={kind} className="inline-flex max-w-full min-w-0 items-center gap-1.5">
                <span className="text-quiet">{kind}</span>
                <Cut text={name} />
              </span>
            ))}
          </span>
        ),
    },
    { key: "result", title: t("result"), cell: (row) => <Result of={row} /> },
    { key: "address", title: t("address"), end: true, cell: ({ address }) => <span className="text-sm text-quiet">{address}</span> },
  ];
  return <Table label={t("title")} rows={rows} columns={columns} rowKey={({ id }) => id} />;
}

/** What nobody reads letter by letter: its ends tell it from others. */
const ID = /^[0-9a-f-]{20,}$/;
const SHOWN_CHARACTERS = 24;

/** On a card the button, which a finger must hit, takes no more room than a line, and its picture ends where the other lines do. */
const IN_LINE = "max-sm:-my-2 max-sm:-me-3.5";

/** Ids and long names stay in one line: broken into pieces nobody reads them. They can be copied whole. */
function Cut({ text }: { text: string }) {
  const isId = ID.test(text);
  const isCut = isId || text.length > SHOWN_CHARACTERS;
  return (
    <span className={classes("inline-flex min-w-0 items-center gap-0.5", isCut && IN_LINE)}>
      <span className="max-w-40 truncate lg:max-xl:max-w-[11.25em]" title={text}>
        {isId ? <code>{`${text.slice(0, 8)}…${text.slice(-4)}`}</code> : text}
      </span>
      {isCut && <CopyButton text={text} />}
    </span>
  );
}

function Result({ of: { result, status, requestId } }: { of: AuditView }) {
  const t = useText();
  const { icon: Icon, tone } = RESULTS[result];
  return (
    <span className={classes("inline-flex items-center gap-1 whitespace-nowrap", tone)} title={requestId}>
      <Icon size={14} aria-hidden="true" />
      {t(`result.${result}`)} {status}
    </span>
  );
}
