import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Ban, GitCompareArrows, RotateCw, Share2 } from "lucide-react";
import { useState } from "react";
import { cancelRun, isOver, type RunDetail, replaysQuery } from "#api/runs.ts";
import { deliveriesQuery } from "#api/webhooks.ts";
import { useShortcuts } from "#app/shortcuts.ts";
import { useAction } from "#app/use-action.ts";
import { BreakIt, Interrupted } from "#pages/run/break-it.tsx";
import { RunFacts, RunFailure, RunId, RunTitle } from "#pages/run/head-parts.tsx";
import { Neighbours } from "#pages/run/neighbours.tsx";
import { ShareDialog } from "#pages/run/share-dialog.tsx";
import { useText } from "#pages/run/text.ts";
import { RunLink } from "#pages/run-link.tsx";
import { ReplayDialog } from "#parts/replay/dialog.tsx";
import { Button, buttonClass } from "#ui/button.tsx";
import { Confirm } from "#ui/confirm.tsx";

/** What the run is and what came of it, in two lines; what can be done with it. */
export function RunHead({ run }: { run: RunDetail }) {
  return (
    <header className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <RunTitle run={run} />
        <Actions run={run} />
      </div>
      <div className="flex items-center gap-x-2">
        <RunId id={run.id} />
        <Neighbours id={run.id} />
      </div>
      <Totals run={run} />
      <Interrupted run={run} />
      <RunFailure run={run} />
    </header>
  );
}

function Actions({ run }: { run: RunDetail }) {
  const t = useText();
  const [open, setOpen] = useState<"replay" | "cancel" | "share" | null>(null);
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
        <Button kind="primary" icon={RotateCw} needs="operate" onClick={() => setOpen("replay")}>
          {t("replay")}
        </Button>
      ) : (
        <Button kind="danger" icon={Ban} needs="operate" onClick={() => setOpen("cancel")}>
          {t("cancel")}
        </Button>
      )}
      <BreakIt run={run} />
      <Link to="/workflows/$workflow/edit" params={{ workflow: run.workflowId }} search={{ run: run.id }} className={buttonClass()}>
        {t("edit")}
      </Link>
      <Button icon={Share2} needs="operate" onClick={() => setOpen("share")}>
        {t("share")}
      </Button>
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
      {open === "share" && <ShareDialog run={run.id} onClose={() => setOpen(null)} />}
    </div>
  );
}

/** Times, cost, webhooks, and the runs that this one is related to. */
function Totals({ run }: { run: RunDetail }) {
  const t = useText();
  const { data: deliveries = [] } = useInfiniteQuery(deliveriesQuery({ run: run.id }));
  const { data: replays = [] } = useInfiniteQuery({ ...replaysQuery(run.id), enabled: isOver(run) });
  const delivered = deliveries.filter(({ state }) => state === "delivered").length;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 [overflow-wrap:anywhere] text-quiet">
      <RunFacts run={run} />
      {deliveries.length > 0 && (
        <Link to="/runs/$run" params={{ run: run.id }} search={{ tab: "webhooks" }} className="underline-offset-2 hover:underline">
          {t("webhooks.count", { done: delivered, total: deliveries.length })}
        </Link>
      )}
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
