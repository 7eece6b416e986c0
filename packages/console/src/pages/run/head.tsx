import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Ban, GitCompareArrows, RotateCw } from "lucide-react";
import { useState } from "react";
import { cancelRun, isOver, type RunDetail, replaysQuery } from "#api/runs.ts";
import { deliveriesQuery } from "#api/webhooks.ts";
import { useShortcuts } from "#app/shortcuts.ts";
import { useAction } from "#app/use-action.ts";
import { BreakIt, Interrupted } from "#pages/run/break-it.tsx";
import { useText } from "#pages/run/text.ts";
import { RunLink } from "#pages/run-link.tsx";
import { ReplayDialog } from "#parts/replay/dialog.tsx";
import { useFormat } from "#text/format.ts";
import { Button, buttonClass } from "#ui/button.tsx";
import { Confirm } from "#ui/confirm.tsx";
import { CopyButton } from "#ui/copy.tsx";
import { StatusBadge, statusOf } from "#ui/status.tsx";

/** What the run is and what came of it, in two lines; what can be done with it. */
export function RunHead({ run }: { run: RunDetail }) {
  const t = useText();
  return (
    <header className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h1 className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 text-lg font-semibold">
          <StatusBadge status={statusOf(run)} />
          <span className="[overflow-wrap:anywhere]">
            {run.workflowName} <span className="font-normal text-quiet">{run.version}</span>
          </span>
        </h1>
        <Actions run={run} />
      </div>
      <p className="flex items-center gap-1 font-mono text-sm text-quiet">
        <span className="[overflow-wrap:anywhere]">{run.id}</span>
        <CopyButton text={run.id} />
      </p>
      <Totals run={run} />
      <Interrupted run={run} />
      {run.error && (
        <p className="rounded-lg bg-bad-soft px-4 py-2.5 [overflow-wrap:anywhere]" role="alert">
          <a href={`/errors/${run.error.type}`} className="font-mono font-medium text-bad underline-offset-2 hover:underline">
            {run.error.type}
          </a>{" "}
          {run.error.message}
          {run.error.nodeName !== undefined && <span className="text-quiet"> · {t("failed.at", { node: run.error.nodeName })}</span>}
        </p>
      )}
    </header>
  );
}

function Actions({ run }: { run: RunDetail }) {
  const t = useText();
  const [open, setOpen] = useState<"replay" | "cancel" | null>(null);
  const over = isOver(run);
  const cancel = useAction({
    run: cancelRun,
    done: () => t("cancelled"),
    changes: [["run", run.id], ["runs"]],
    onDone: () => setOpen(null),
  });
  useShortcuts(over ? { "runs.replay": () => setOpen("replay") } : {});
  return (
    <div className="flex flex-wrap gap-2 sm:ms-auto">
      {over ? (
        <Button kind="primary" icon={RotateCw} onClick={() => setOpen("replay")}>
          {t("replay")}
        </Button>
      ) : (
        <Button kind="danger" icon={Ban} onClick={() => setOpen("cancel")}>
          {t("cancel")}
        </Button>
      )}
      <BreakIt run={run} />
      <Link to="/workflows/$workflow/edit" params={{ workflow: run.workflowId }} search={{ run: run.id }} className={buttonClass()}>
        {t("edit")}
      </Link>
      <Confirm
        open={open === "cancel"}
        title={t("cancel")}
        effect={t("cancel.effect")}
        action={t("cancel")}
        busy={cancel.isPending}
        onClose={() => setOpen(null)}
        onConfirm={() => cancel.mutate(run.id)}
      />
      {open === "replay" && <ReplayDialog run={run} onClose={() => setOpen(null)} />}
    </div>
  );
}

/** Times, cost, webhooks, and the runs that this one is related to. */
function Totals({ run }: { run: RunDetail }) {
  const t = useText();
  const format = useFormat();
  const { data: deliveries = [] } = useInfiniteQuery(deliveriesQuery({ run: run.id }));
  const { data: replays = [] } = useInfiniteQuery({ ...replaysQuery(run.id), enabled: isOver(run) });
  const delivered = deliveries.filter(({ state }) => state === "delivered").length;
  const facts = [
    t("accepted", { time: format.time(run.acceptedAt) }),
    run.userId === undefined ? null : t("user", { id: run.userId }),
    run.startedAt === undefined ? null : t("queued", { time: format.duration(run.startedAt - run.acceptedAt) }),
    run.executionMs === undefined ? null : t("ran", { time: format.duration(run.executionMs) }),
    run.tokens === undefined ? null : t("tokens", { count: run.tokens }),
    run.credits === undefined ? null : t("credits", { amount: format.credits(run.credits) }),
    deliveries.length === 0 ? null : t("webhooks.count", { done: delivered, total: deliveries.length }),
  ];
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-quiet">
      {facts
        .filter((fact) => fact !== null)
        .map((fact) => (
          <span key={fact}>{fact}</span>
        ))}
      {run.retryOf !== undefined && (
        <span className="flex items-center gap-2">
          {t("of.replay")} <RunLink id={run.retryOf} />
          <Link to="/runs/compare" search={{ a: run.retryOf, b: run.id }} className={buttonClass("quiet", "small")}>
            <GitCompareArrows size={14} aria-hidden="true" /> {t("compare")}
          </Link>
        </span>
      )}
      {replays.length > 0 && (
        <span className="flex flex-wrap items-center gap-2">
          {t("replays")}{" "}
          {replays.map(({ id }) => (
            <RunLink key={id} id={id} />
          ))}
        </span>
      )}
    </div>
  );
}
