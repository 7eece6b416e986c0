import { Ban, ListChecks, RotateCw } from "lucide-react";
import { useState } from "react";
import { cancelRun, isOver, type RunHeader, replayRun, startBulkJob } from "#api/runs.ts";
import { useAction } from "#app/use-action.ts";
import type { indexedFilterOf } from "#pages/runs/search.ts";
import { useText } from "#pages/runs/text.ts";
import { Button } from "#ui/button.tsx";
import { Confirm } from "#ui/confirm.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { Menu } from "#ui/menu.tsx";
import { Progress } from "#ui/progress.tsx";

type BulkAction = "replay" | "cancel";

interface BulkBarProps {
  readonly chosen: readonly RunHeader[];
  readonly filter: ReturnType<typeof indexedFilterOf>;
  /** The list is narrowed by more than the filter: a job over all of it would take too many. */
  readonly searched: boolean;
  readonly onDone: () => void;
  /** A job over all runs of the filter has begun. */
  readonly onJob: (id: string) => void;
}

/** What is done with the chosen runs, or with all of the filter. */
export function BulkBar({ chosen, filter, searched, onDone, onJob }: BulkBarProps) {
  const t = useText();
  const [asked, setAsked] = useState<BulkAction | null>(null);
  const [walk, setWalk] = useState<{ action: BulkAction; runs: readonly RunHeader[] } | null>(null);
  const { starter: _, status: __, ...rest } = filter;
  const jobFilter = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const start = useAction({
    run: (action: BulkAction) => startBulkJob({ action, filter: jobFilter }),
    onDone: ({ id }) => {
      setAsked(null);
      onJob(id);
    },
    changes: [["runs"]],
  });
  const ended = chosen.filter(isOver);
  const open = chosen.filter((run) => !isOver(run));
  return (
    <div className="flex min-h-8 flex-wrap items-center gap-2">
      <span className="text-sm text-quiet" aria-live="polite">
        {chosen.length > 0 && t("selected", { count: chosen.length })}
      </span>
      {ended.length > 0 && (
        <Button size="small" icon={RotateCw} needs="operate" onClick={() => setWalk({ action: "replay", runs: ended })}>
          {t("bulk.replay", { count: ended.length })}
        </Button>
      )}
      {open.length > 0 && (
        <Button size="small" icon={Ban} needs="operate" onClick={() => setWalk({ action: "cancel", runs: open })}>
          {t("bulk.cancel", { count: open.length })}
        </Button>
      )}
      <span className="ms-auto">
        <Menu
          trigger={
            <Button size="small" icon={ListChecks} disabled={searched} title={searched ? t("bulk.all.searched") : undefined}>
              {t("bulk.all")}
            </Button>
          }
          items={[
            { key: "replay", label: t("bulk.all.replay"), icon: RotateCw, needs: "operate", onSelect: () => setAsked("replay") },
            { key: "cancel", label: t("bulk.all.cancel"), icon: Ban, danger: true, needs: "operate", onSelect: () => setAsked("cancel") },
          ]}
        />
      </span>
      {asked && (
        <Confirm
          open
          title={t(`bulk.all.${asked}`)}
          effect={t(`bulk.confirm.${asked}`)}
          action={t(`bulk.all.${asked}`)}
          busy={start.isPending}
          onClose={() => setAsked(null)}
          onConfirm={() => start.mutate(asked)}
        />
      )}
      {walk && (
        <Walk
          {...walk}
          onClose={() => {
            setWalk(null);
            onDone();
          }}
        />
      )}
    </div>
  );
}

interface Tally {
  readonly done: number;
  readonly failed: number;
  readonly over: boolean;
}

/** The chosen runs one after the other, for as long as the dialog is open. */
function Walk({ action, runs, onClose }: { action: BulkAction; runs: readonly RunHeader[]; onClose: () => void }) {
  const t = useText();
  const [tally, setTally] = useState<Tally | null>(null);
  const [stop] = useState(() => new AbortController());
  const begin = async () => {
    const counts = { done: 0, failed: 0 };
    setTally({ ...counts, over: false });
    for (const { id } of runs) {
      if (stop.signal.aborted) break;
      await (action === "replay" ? replayRun(id, {}) : cancelRun(id)).then(
        () => (counts.done += 1),
        () => (counts.failed += 1),
      );
      setTally({ ...counts, over: false });
    }
    setTally({ ...counts, over: true });
  };
  const title = action === "replay" ? t("bulk.replay", { count: runs.length }) : t("bulk.cancel", { count: runs.length });
  const shut = () => {
    stop.abort();
    onClose();
  };
  return (
    <Dialog
      open
      onClose={shut}
      title={title}
      actions={
        tally === null ? (
          <Button kind="primary" onClick={() => void begin()}>
            {title}
          </Button>
        ) : (
          <Button onClick={shut}>{tally.over ? t("job.done") : t("job.stop")}</Button>
        )
      }
    >
      {tally === null ? (
        <p>{t(`bulk.confirm.${action}`)}</p>
      ) : (
        <Progress
          label={title}
          done={tally.done + tally.failed}
          total={runs.length}
          text={t("job.progress", { done: tally.done + tally.failed, total: runs.length })}
          facts={[[t("job.did"), tally.done] as const, [t("job.failed"), tally.failed] as const]}
        />
      )}
    </Dialog>
  );
}
