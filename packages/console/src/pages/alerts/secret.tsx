import { useQuery } from "@tanstack/react-query";
import { alertSecretQuery, rotateAlertSecret } from "#api/alerts.ts";
import { useAction } from "#app/use-action.ts";
import { useText } from "#pages/alerts/text.ts";
import { useFormat } from "#text/format.ts";
import { Button } from "#ui/button.tsx";
import { CodeBlock } from "#ui/copy.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { ErrorNotice } from "#ui/notice.tsx";

/** What signs the webhooks of alerts. */
export function AlertSecret({ onClose }: { onClose: () => void }) {
  const t = useText();
  const format = useFormat();
  const { data, error } = useQuery(alertSecretQuery);
  const rotate = useAction({ run: rotateAlertSecret, done: () => t("secret.rotated"), changes: [["alert-secret"]] });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("secret.title")}
      description={t("secret.text")}
      actions={
        <Button disabled={rotate.isPending} onClick={() => rotate.mutate(undefined)}>
          {t("secret.rotate")}
        </Button>
      }
    >
      {error && <ErrorNotice error={error} />}
      {data && (
        <>
          <CodeBlock text={data.secret} label={t("secret.title")} />
          <p className="mt-1 text-sm text-quiet">
            {t("secret.since", { when: format.time(data.createdAt) })}{" "}
            {data.previousUntil !== undefined && t("secret.previous", { when: format.time(data.previousUntil) })}
          </p>
        </>
      )}
    </Dialog>
  );
}
