import type { RunErrorGroups } from "@millrace/contract";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";
import { useState } from "react";
import { runErrorsQuery } from "#api/runs.ts";
import { RunLink } from "#pages/run-link.tsx";
import { IndexedFilters } from "#pages/runs/filters.tsx";
import type { TabProps } from "#pages/runs/runs-tab.tsx";
import { indexedFilterOf, isFiltered } from "#pages/runs/search.ts";
import { useText } from "#pages/runs/text.ts";
import { useFormat } from "#text/format.ts";
import { Button, buttonClass } from "#ui/button.tsx";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";
import { Empty } from "#ui/page.tsx";
import { type Column, Table } from "#ui/table.tsx";

type Group = RunErrorGroups["data"][number];

/** What runs failed of, by type and node, the cause of most first. */
export function ErrorsTab({ search, onChange }: TabProps) {
  const t = useText();
  const format = useFormat();
  const [now, setNow] = useState(Date.now);
  const { status: _, starter: __, ...filter } = indexedFilterOf(search, now);
  const { data, error, refetch } = useQuery(runErrorsQuery(filter));
  const columns: readonly Column<Group>[] = [
    { key: "type", title: t("error"), cell: ({ type }) => <ErrorType type={type} />, head: true },
    { key: "node", title: t("errors.node"), cell: ({ nodeId }) => (nodeId === undefined ? "–" : <code>{nodeId}</code>) },
    { key: "workflow", title: t("filter.workflow"), cell: ({ workflowName }) => workflowName },
    { key: "message", title: t("errors.message"), cell: (group) => <Message group={group} /> },
    { key: "count", title: t("errors.count"), cell: ({ count }) => format.number(count), end: true },
    { key: "last", title: t("errors.last"), cell: (group) => <Last group={group} />, end: true },
    {
      key: "runs",
      title: "",
      cell: ({ type, workflowId }) => (
        <Link
          to="/runs"
          search={{ error: type, workflow: workflowId, time: search.time, since: search.since, until: search.until }}
          className={buttonClass("plain", "small")}
        >
          {t("errors.runs")}
        </Link>
      ),
      end: true,
    },
  ];
  return (
    <>
      <IndexedFilters
        search={{ ...search, status: undefined }}
        without="status"
        onChange={(next) => {
          setNow(Date.now());
          onChange(next);
        }}
      />
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton />}
      {data?.data.length === 0 && (
        <Empty icon={CircleCheck} title={t("errors.none")}>
          {isFiltered(search) && <Button onClick={() => onChange({ show: "errors" })}>{t("filter.clear")}</Button>}
        </Empty>
      )}
      {data && data.data.length > 0 && (
        <>
          <Table
            label={t("shown.errors")}
            rows={data.data}
            columns={columns}
            rowKey={({ workflowId, type, nodeId = "" }) => `${workflowId} ${type} ${nodeId}`}
          />
          <p className="text-sm text-quiet">{t("errors.counted", { count: data.counted })}</p>
        </>
      )}
    </>
  );
}

function ErrorType({ type }: { type: string }) {
  return (
    <a href={`/errors/${type}`} className="font-mono text-sm font-medium text-bad underline-offset-2 hover:underline">
      {type}
    </a>
  );
}

function Message({ group: { error } }: { group: Group }) {
  return <span className="line-clamp-2 max-w-xl min-w-40 text-sm [overflow-wrap:anywhere] text-quiet">{error?.message}</span>;
}

function Last({ group: { lastAt, lastRunId } }: { group: Group }) {
  const format = useFormat();
  return (
    <span className="inline-flex flex-wrap items-baseline justify-end gap-x-2">
      <time title={format.time(lastAt)} className="whitespace-nowrap">
        {format.relative(lastAt, Date.now())}
      </time>
      <RunLink id={lastRunId} />
    </span>
  );
}
