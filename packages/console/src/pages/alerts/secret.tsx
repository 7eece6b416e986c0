import { useQuery } from "@tanstack/react-query";
import { alertSecretQuery, rotateAlertSecret } from "#api/alerts.ts";
import { useText } from "#pages/alerts/text.ts";
import { SigningSecretDialog } from "#parts/signing-secret/dialog.tsx";

/** What signs the webhooks of alerts. */
export function AlertSecret({ onClose }: { onClose: () => void }) {
  const t = useText();
  const { queryKey } = alertSecretQuery;
  const secret = useQuery(alertSecretQuery);
  return <SigningSecretDialog title={t("secret.title")} secret={secret} queryKey={queryKey} rotate={rotateAlertSecret} onClose={onClose} />;
}
