import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { runErrorsQuery } from "#api/runs.ts";
import { useText } from "#pages/home/text.ts";
import { useFormat } from "#text/format.ts";
import { buttonClass } from "#ui/button.tsx";
import { classes } from "#ui/classes.ts";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";
import { Card } from "#ui/page.tsx";

const DAY_MS = 86_400_000;
const MOST = 6;

/** What made runs fail in the last day, the cause of most first. */
export function Failures() {
  const t = useText();
  const format = useFormat();
  const [since] = useState(() => Date.now() - DAY_MS);
  const { data, error, refetch } = useQuery(runErrorsQuery({ since }));
  return (
    <Card
      title={t("failures")}
      actions={
        <Link to="/runs" search={{ show: "errors", time: "24h" }} className={classes(buttonClass("quiet", "small"), "-me-2")}>
          {t("failures.more")}
        </Link>
      }
    >
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton rows={2} />}
      {data?.data.length === 0 && <p className="text-quiet">{t("failures.none")}</p>}
      <ul className="-mx-2 flex flex-col gap-1">
        {data?.data.slice(0, MOST).map(({ type, workflowId, workflowName, count, lastAt }) => (
          <li key={`${workflowId} ${type}`}>
            <Link
              to="/runs"
              search={{ error: type, workflow: workflowId, time: "24h" }}
              className="flex items-baseline gap-3 rounded-md px-2 py-1.5 hover:bg-raised touch-target"
            >
              <span className="font-mono text-sm text-bad">{type}</span>
              <span className="min-w-0 grow truncate text-quiet">{workflowName}</span>
              <span className="text-sm whitespace-nowrap text-quiet max-sm:hidden">{format.relative(lastAt, Date.now())}</span>
              <span className="font-medium">{t("failures.times", { count })}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
