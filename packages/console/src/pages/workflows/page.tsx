import type { WorkflowSummary } from "@millrace/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Workflow } from "lucide-react";
import { workflowsQuery } from "#api/workflows.ts";
import { useText } from "#pages/workflows/text.ts";
import { useFormat } from "#text/format.ts";
import { CodeBlock } from "#ui/copy.tsx";
import { More } from "#ui/more.tsx";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";
import { Empty, Page } from "#ui/page.tsx";
import { type Column, Table } from "#ui/table.tsx";

export default function WorkflowsPage() {
  const t = useText();
  const list = useInfiniteQuery(workflowsQuery);
  const { data: workflows, error, refetch, isPending } = list;
  return (
    <Page title={t("title")}>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {isPending && !error && <Skeleton />}
      {workflows?.length === 0 && (
        <Empty icon={Workflow} title={t("empty")}>
          <CodeBlock text="npx millrace deploy --publish" />
        </Empty>
      )}
      {workflows && workflows.length > 0 && <WorkflowTable workflows={workflows} />}
      <More pages={list} />
    </Page>
  );
}

function WorkflowTable({ workflows }: { workflows: readonly WorkflowSummary[] }) {
  const t = useText();
  const format = useFormat();
  const columns: readonly Column<WorkflowSummary>[] = [
    { key: "name", title: t("name"), cell: ({ name }) => <span className="font-medium [overflow-wrap:anywhere]">{name}</span>, head: true },
    { key: "live", title: t("live"), cell: ({ liveVersion }) => liveVersion ?? <span className="text-quiet">{t("live.none")}</span> },
    { key: "updated", title: t("updated"), cell: ({ updatedAt }) => format.relative(updatedAt, Date.now()), end: true },
  ];
  return <Table label={t("title")} rows={workflows} columns={columns} rowKey={({ id }) => id} />;
}
