import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Square, X } from "lucide-react";
import { bulkJobQuery, stopBulkJob } from "#api/runs.ts";
import { useText } from "#pages/runs/text.ts";
import { Button, IconButton } from "#ui/button.tsx";
import { ErrorNotice } from "#ui/notice.tsx";
import { Card } from "#ui/page.tsx";
import { Progress } from "#ui/progress.tsx";
import { useText as useControlText } from "#ui/text.ts";

/** How far a job over many runs is; it goes on without the page. */
export function Job({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useText();
  const words = useControlText();
  const queries = useQueryClient();
  const { data: job, error } = useQuery(bulkJobQuery(id));
  if (error) return <ErrorNotice error={error} />;
  if (!job) return null;
  const { action, state, matched, done, failed, skipped, remaining, lastError } = job;
  const title = t(`job.${action}`);
  const stop = async () => queries.setQueryData(bulkJobQuery(id).queryKey, await stopBulkJob(id));
  return (
    <Card
      title={`${title} · ${t(`job.${state}`)}`}
      actions={
        state === "running" ? (
          <Button size="small" icon={Square} needs="operate" onClick={() => void stop()}>
            {t("job.stop")}
          </Button>
        ) : (
          <IconButton size="small" icon={X} label={words("close")} onClick={onClose} />
        )
      }
    >
      <Progress
        label={title}
        done={matched - remaining}
        total={matched}
        text={t("job.progress", { done: matched - remaining, total: matched })}
        facts={[
          [t("job.matched"), matched],
          [t("job.did"), done],
          [t("job.failed"), failed],
          [t("job.skipped"), skipped],
          [t("job.remaining"), remaining],
        ]}
      />
      {lastError !== undefined && <p className="mt-2 text-sm text-bad">{lastError}</p>}
    </Card>
  );
}
