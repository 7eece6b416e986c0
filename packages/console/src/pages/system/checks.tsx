import type { CheckView } from "@millrace/contract";
import { useQuery } from "@tanstack/react-query";
import { CircleCheck, CircleHelp, CircleX, RotateCw } from "lucide-react";
import { checksQuery } from "#api/system.ts";
import { useText } from "#pages/system/text.ts";
import { Button } from "#ui/button.tsx";
import { CopyButton } from "#ui/copy.tsx";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";
import { Card } from "#ui/page.tsx";

/** What `millrace doctor` looks at, looked at from inside. */
export function Checks() {
  const t = useText();
  const { data, error, refetch, isFetching } = useQuery(checksQuery);
  return (
    <Card
      title={t("health")}
      actions={
        <Button size="small" icon={RotateCw} disabled={isFetching} onClick={() => void refetch()}>
          {t("check.again")}
        </Button>
      }
    >
      {error && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton rows={6} />}
      {data && (
        <ul className="flex flex-col divide-y divide-line">
          {data.map((check) => (
            <Check key={check.check} check={check} />
          ))}
        </ul>
      )}
      <p className="mt-3 text-sm text-quiet">{t.rich("doctor.same", { command: <code>millrace doctor</code> })}</p>
    </Card>
  );
}

const LOOKS = {
  ok: { icon: CircleCheck, tone: "text-good" },
  failed: { icon: CircleX, tone: "text-bad" },
  unknown: { icon: CircleHelp, tone: "text-wait" },
} as const satisfies Record<CheckView["verdict"], unknown>;

const NAMES = [
  "node",
  "data",
  "disk",
  "server",
  "database",
  "engine",
  "keys",
  "secretKey",
  "port",
  "egress",
  "defaultModel",
  "clock",
] as const;

function Check({ check: { check, verdict, problem, fix } }: { check: CheckView }) {
  const t = useText();
  const { icon: Icon, tone } = LOOKS[verdict];
  const known = NAMES.find((name) => name === check);
  return (
    <li className="flex gap-3 py-2" data-check={check} data-verdict={verdict}>
      <Icon size={17} aria-hidden="true" className={`mt-0.5 shrink-0 ${tone}`} />
      <div className="min-w-0 grow">
        <p className="flex flex-wrap justify-between gap-x-4">
          <span>{known === undefined ? check : t(`check.${known}`)}</span>
          <span className={verdict === "ok" ? "text-quiet" : tone}>{t(`verdict.${verdict}`)}</span>
        </p>
        {problem !== undefined && <p className="[overflow-wrap:anywhere]">{problem}</p>}
        {fix !== undefined && (
          <p className="mt-1 flex items-start gap-2 text-sm">
            <code className="rounded-md bg-raised px-1.5 py-0.5 [overflow-wrap:anywhere]">{fix}</code>
            <CopyButton text={fix} />
          </p>
        )}
      </div>
    </li>
  );
}
