import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { ShieldX } from "lucide-react";
import { type RefusedRequestView, requestsQuery } from "#api/requests.ts";
import { workflowsQuery } from "#api/workflows.ts";
import { TextFilter } from "#pages/runs/filters.tsx";
import type { TabProps } from "#pages/runs/runs-tab.tsx";
import { useText } from "#pages/runs/text.ts";
import { WorkflowSelect } from "#pages/workflow-select.tsx";
import { useFormat } from "#text/format.ts";
import { Button } from "#ui/button.tsx";
import { CopyButton } from "#ui/copy.tsx";
import { FILTER_WIDTH } from "#ui/field.tsx";
import { More } from "#ui/more.tsx";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";
import { Empty } from "#ui/page.tsx";
import { type Column, Table } from "#ui/table.tsx";

/** Requests that never became a run, with the reason and the id that their caller was told. */
export function RequestsTab({ search, onChange }: TabProps) {
  const t = useText();
  const format = useFormat();
  const { workflow, requestId } = search;
  const list = useInfiniteQuery(requestsQuery({ workflow, requestId }));
  const { data: requests, error, refetch } = list;
  const columns = useColumns();
  const filtered = workflow !== undefined || requestId !== undefined;
  return (
    <>
      <fieldset className="flex flex-wrap items-center gap-2">
        <legend className="sr-only">{t("filters")}</legend>
        <WorkflowSelect
          className={FILTER_WIDTH}
          aria-label={t("filter.workflow")}
          none={format.named(t("filter.workflow"), t("filter.any"))}
          value={workflow ?? ""}
          onChange={(event) => onChange({ ...search, workflow: event.target.value || undefined })}
        />
        <TextFilter
          className="w-64 max-sm:w-full"
          label={t("requests.id")}
          value={requestId}
          onChange={(next) => onChange({ ...search, requestId: next })}
        />
        {filtered && (
          <Button kind="quiet" onClick={() => onChange({ show: "requests" })}>
            {t("filter.clear")}
          </Button>
        )}
      </fieldset>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!requests && !error && <Skeleton />}
      {requests?.length === 0 && <Empty icon={ShieldX} title={filtered ? t("requests.no.match") : t("requests.none")} />}
      {requests && requests.length > 0 && <Table label={t("shown.requests")} rows={requests} columns={columns} rowKey={({ id }) => id} />}
      <More pages={list} />
    </>
  );
}

function useColumns(): readonly Column<RefusedRequestView>[] {
  const t = useText();
  const format = useFormat();
  const { data: workflows = [] } = useQuery(workflowsQuery);
  const names = new Map(workflows.map(({ id, name }) => [id, name]));
  return [
    { key: "status", title: t("requests.status"), cell: (row) => <Refusal request={row} />, head: true },
    {
      key: "message",
      title: t("errors.message"),
      cell: ({ message }) => <span className="line-clamp-3 max-w-xl min-w-48 text-sm [overflow-wrap:anywhere]">{message}</span>,
    },
    { key: "path", title: t("requests.path"), cell: ({ path }) => <code className="text-sm [overflow-wrap:anywhere]">{path}</code> },
    {
      key: "workflow",
      title: t("filter.workflow"),
      cell: ({ workflowId }) => (workflowId === undefined ? "–" : (names.get(workflowId) ?? workflowId)),
    },
    {
      key: "id",
      title: t("requests.id"),
      cell: ({ requestId }) => (
        <span className="inline-flex items-center gap-1 max-sm:-my-2 max-sm:-me-3.5">
          <code className="text-sm [overflow-wrap:anywhere]">{requestId}</code>
          <CopyButton text={requestId} />
        </span>
      ),
    },
    {
      key: "at",
      title: t("requests.at"),
      cell: ({ at }) => (
        <time title={format.time(at)} className="whitespace-nowrap">
          {format.relative(at, Date.now())}
        </time>
      ),
      end: true,
    },
  ];
}

function Refusal({ request: { status, type } }: { request: RefusedRequestView }) {
  return (
    <span className="inline-flex items-baseline gap-2 whitespace-nowrap">
      <span className="font-medium">{status}</span>
      <a href={`/errors/${type}`} className="font-mono text-sm text-bad underline-offset-2 hover:underline">
        {type}
      </a>
    </span>
  );
}
