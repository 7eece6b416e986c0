import { useQuery } from "@tanstack/react-query";
import { DatabaseBackup, Download } from "lucide-react";
import { backupPath, backupsQuery, startBackup, systemQuery } from "#api/system.ts";
import { useAction } from "#app/use-action.ts";
import { useText } from "#pages/system/text.ts";
import { useFormat } from "#text/format.ts";
import { Button, buttonClass } from "#ui/button.tsx";
import { CodeBlock } from "#ui/copy.tsx";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";
import { Card } from "#ui/page.tsx";
import { Progress } from "#ui/progress.tsx";

/** What an owner does for the day that the disk is gone. PostgreSQL has its own means for it. */
export function Backups() {
  const t = useText();
  const { data: system, error, refetch } = useQuery(systemQuery);
  if (system?.database === "sqlite") return <OwnBackups />;
  return (
    <Card title={t("backups")}>
      {system && <p className="text-quiet">{t("backup.postgres")}</p>}
      {!system && error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!system && !error && <Skeleton rows={2} />}
    </Card>
  );
}

/** Those that the server makes itself. */
function OwnBackups() {
  const t = useText();
  const format = useFormat();
  const { data, error, refetch } = useQuery(backupsQuery);
  const start = useAction({ run: startBackup, changes: [["backups"]] });
  return (
    <Card
      title={t("backups")}
      actions={
        <Button
          size="small"
          icon={DatabaseBackup}
          disabled={!data || data.running !== undefined || start.isPending}
          onClick={() => start.mutate()}
        >
          {t("backup.now")}
        </Button>
      }
    >
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton rows={2} />}
      {data && (
        <div className="flex flex-col gap-3">
          {data.running && <Share share={data.running.share} />}
          {data.failed && (
            <p role="alert" className="rounded-md bg-bad-soft px-3 py-2 [overflow-wrap:anywhere]">
              {t("backup.failed", { time: format.time(data.failed.at), problem: data.failed.problem })}
            </p>
          )}
          {data.data.length === 0 && !data.running && <p className="text-quiet">{t("backup.none")}</p>}
          {data.data.length > 0 && (
            <ul className="flex flex-col divide-y divide-line">
              {data.data.map(({ name, bytes, createdAt }) => (
                <li key={name} className="flex items-center gap-3 py-1.5">
                  <span className="min-w-0 grow">
                    {format.time(createdAt)} <span className="text-quiet">{format.bytes(bytes)}</span>
                    <code className="block text-xs text-quiet [overflow-wrap:anywhere]">{name}</code>
                  </span>
                  <a href={backupPath(name)} download aria-label={t("backup.download", { name })} className={buttonClass("plain", "small")}>
                    <Download size={14} aria-hidden="true" />
                  </a>
                </li>
              ))}
            </ul>
          )}
          {data.data[0] && (
            <div>
              <p className="mb-1 text-sm text-quiet">{t("restore.text")}</p>
              <CodeBlock
                text={`millrace restore ${data.folder}/${data.data[0].name} --to restored`}
                className="break-all whitespace-pre-wrap"
              />
            </div>
          )}
        </div>
      )}
    </Card>
  );
}

function Share({ share }: { share: number }) {
  const t = useText();
  const format = useFormat();
  return <Progress label={t("backup.running")} done={share} total={1} text={format.percent(share)} facts={[]} />;
}
