import { Link } from "@tanstack/react-router";
import type { DeliveryRow } from "#api/webhooks.ts";
import { RunLink } from "#pages/run-link.tsx";
import { useText } from "#pages/webhooks/text.ts";

/** What a delivery tells of: a run, or an alert. */
export function DeliverySubject({ runId, alertId }: Pick<DeliveryRow, "runId" | "alertId">) {
  const t = useText();
  if (runId !== undefined) return <RunLink id={runId} />;
  return (
    <Link to="/alerts" search={{ alert: alertId }} className="underline-offset-2 hover:underline">
      {t("alert")}
    </Link>
  );
}
