import { useQuery } from "@tanstack/react-query";
import { systemQuery } from "#api/system.ts";
import { useText } from "#pages/system/text.ts";
import { useFormat } from "#text/format.ts";
import { Facts } from "#ui/facts.tsx";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";
import { Card } from "#ui/page.tsx";

const DATABASES = { sqlite: "SQLite", postgres: "PostgreSQL" } as const;

export function ServerFacts() {
  const t = useText();
  const format = useFormat();
  const { data, error, refetch } = useQuery(systemQuery);
  const days = (count: number) => (count === 0 ? t("retention.ever") : t("retention.days", { count }));
  return (
    <Card title={t("server")}>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton rows={4} />}
      {data && (
        <Facts
          facts={[
            [t("version.name"), `Millrace ${data.version} · Node.js ${data.node}`],
            [t("engine"), data.engine],
            [t("queue"), t("queue.runs", { count: data.unfinishedRuns, most: format.number(data.maxRuns) })],
            [t("database.size"), `${DATABASES[data.database]} · ${format.bytes(data.databaseBytes)}`],
            [t("retention.runs"), <Setting key="runs" value={days(data.retentionDays)} variable="MILLRACE_RETENTION_DAYS" />],
            [t("retention.audit"), <Setting key="audit" value={days(data.auditRetentionDays)} variable="MILLRACE_AUDIT_RETENTION_DAYS" />],
            [t("public.url"), <Setting key="url" value={data.publicUrl ?? t("public.url.none")} variable="MILLRACE_PUBLIC_URL" />],
          ]}
        />
      )}
    </Card>
  );
}

/** What an operator sets where the server is started. */
function Setting({ value, variable }: { value: string; variable: string }) {
  return (
    <>
      {value} <code className="text-xs text-quiet">{variable}</code>
    </>
  );
}
