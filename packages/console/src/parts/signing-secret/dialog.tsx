import type { WebhookSecretView } from "@millrace/contract";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useAction } from "#app/use-action.ts";
import { useText } from "#parts/signing-secret/text.ts";
import { useFormat } from "#text/format.ts";
import { Button } from "#ui/button.tsx";
import { CodeBlock } from "#ui/copy.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { ErrorNotice } from "#ui/notice.tsx";

interface SigningSecretProps {
  readonly title: string;
  readonly secret: UseQueryResult<WebhookSecretView>;
  readonly queryKey: readonly string[];
  /** null: it is not chosen yet whose. */
  readonly rotate: (() => Promise<WebhookSecretView>) | null;
  /** Chooses whose it is. */
  readonly children?: ReactNode;
  readonly onClose: () => void;
}

/** What signs webhooks: shown to be copied, and changed for a new one beside which the old one signs for a day. */
export function SigningSecretDialog({ title, secret: { data, error }, queryKey, rotate, children, onClose }: SigningSecretProps) {
  const t = useText();
  const format = useFormat();
  const action = useAction({ run: (ask: () => Promise<WebhookSecretView>) => ask(), done: () => t("rotated"), changes: [queryKey] });
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      description={`${t("text")} ${t("rotate.hint")}`}
      actions={
        <Button disabled={!rotate || action.isPending} onClick={() => rotate && action.mutate(rotate)}>
          {t("rotate")}
        </Button>
      }
    >
      <div className="flex flex-col gap-4">
        {children}
        {error && <ErrorNotice error={error} />}
        {data && (
          <div>
            <CodeBlock text={data.secret} label={title} />
            <p className="mt-1 text-sm text-quiet">
              {t("since", { when: format.time(data.createdAt) })}{" "}
              {data.previousUntil !== undefined && t("previous", { when: format.time(data.previousUntil) })}
            </p>
          </div>
        )}
      </div>
    </Dialog>
  );
}
