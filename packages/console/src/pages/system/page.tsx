import { Link } from "@tanstack/react-router";
import { ScrollText, Users } from "lucide-react";
import { Backups } from "#pages/system/backups.tsx";
import { Checks } from "#pages/system/checks.tsx";
import { ServerFacts } from "#pages/system/server-facts.tsx";
import { useText } from "#pages/system/text.ts";
import { CodeBlock } from "#ui/copy.tsx";
import { Card, Page } from "#ui/page.tsx";
import { useMay } from "#ui/permission.tsx";

export default function SystemPage() {
  const t = useText();
  const may = useMay();
  return (
    <Page title={t("title")} lead={t("lead")}>
      <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-2">
        {may("operate") && <Checks />}
        <div className="flex flex-col gap-5">
          <ServerFacts />
          {may("administer") && <Backups />}
          <Card title={t("commands")}>
            <div className="flex flex-col gap-4">
              <Command about={t("upgrade.text")} command="millrace migrate --dry-run" />
              <Command about={t("metrics.text")} command={`curl ${location.origin}/metrics`} />
            </div>
          </Card>
        </div>
        {may("administer") && (
          <>
            <Place to="/audit" icon={ScrollText} title={t("audit")} text={t("audit.text")} />
            <Place to="/members" icon={Users} title={t("members")} text={t("members.text")} />
          </>
        )}
      </div>
    </Page>
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
