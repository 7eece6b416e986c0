import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleCheck, CircleX, ScrollText, Users } from "lucide-react";
import { readyQuery, versionOfServerQuery } from "#api/system.ts";
import { useText } from "#pages/system/text.ts";
import { CodeBlock } from "#ui/copy.tsx";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";
import { Card, Page } from "#ui/page.tsx";

export default function SystemPage() {
  const t = useText();
  return (
    <Page title={t("title")} lead={t("lead")}>
      <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-2">
        <Health />
        <Card title={t("commands")}>
          <div className="flex flex-col gap-4">
            <Command about={t("doctor.text")} command="millrace doctor" />
            <Command about={t("backup.text")} command="millrace backup backup.tgz" />
            <Command about={t("metrics.text")} command={`curl ${location.origin}/metrics`} />
          </div>
        </Card>
        <Place to="/audit" icon={ScrollText} title={t("audit")} text={t("audit.text")} />
        <Place to="/members" icon={Users} title={t("members")} text={t("members.text")} />
      </div>
    </Page>
  );
}

function Health() {
  const t = useText();
  const { data, error, refetch } = useQuery(readyQuery);
  const version = useQuery(versionOfServerQuery).data?.version;
  return (
    <Card title={t("health")}>
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton rows={2} />}
      {data && (
        <ul className="flex flex-col gap-2">
          <Check good={data.message === null} text={data.message === null ? t("ready") : `${t("unready")}: ${data.message}`} />
          {Object.keys(data.checks).map((name) => (
            <Check key={name} good text={t("check.ok", { name })} />
          ))}
          {version !== undefined && <li className="text-quiet">{t("version", { version })}</li>}
        </ul>
      )}
    </Card>
  );
}

function Check({ good, text }: { good: boolean; text: string }) {
  const Icon = good ? CircleCheck : CircleX;
  return (
    <li className={good ? "flex items-center gap-2" : "flex items-center gap-2 text-bad"}>
      <Icon size={16} aria-hidden="true" className={good ? "text-good" : "text-bad"} />
      {text}
    </li>
  );
}

function Command({ about, command }: { about: string; command: string }) {
  return (
    <div>
      <p className="mb-1 text-sm text-quiet">{about}</p>
      <CodeBlock text={command} />
    </div>
  );
}

function Place({ to, icon: Icon, title, text }: { to: string; icon: typeof Users; title: string; text: string }) {
  return (
    <Link to={to} className="flex items-start gap-3 rounded-lg border border-line bg-surface p-4 hover:border-line-strong">
      <Icon size={18} aria-hidden="true" className="mt-0.5 shrink-0 text-quiet" />
      <span>
        <span className="block font-semibold">{title}</span>
        <span className="text-sm text-quiet">{text}</span>
      </span>
    </Link>
  );
}
