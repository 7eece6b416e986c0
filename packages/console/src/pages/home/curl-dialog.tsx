import { sampleInput } from "@millrace/contract";
import { useQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { createKey } from "#api/keys.ts";
import { workflowQuery } from "#api/workflows.ts";
import { useAction } from "#app/use-action.ts";
import { useText } from "#pages/home/text.ts";
import { startSchema } from "#pages/start-schema.ts";
import { snippet } from "#parts/snippets.ts";
import { Button } from "#ui/button.tsx";
import { CodeBlock } from "#ui/copy.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";

/** The command that calls a workflow, with a key that is made here for it alone. */
export function CurlDialog({ workflow, onClose }: { workflow: string; onClose: () => void }) {
  const t = useText();
  const { data, error } = useQuery(workflowQuery(workflow));
  const [key, setKey] = useState<string | null>(null);
  const make = useAction({
    run: () => createKey({ name: t("curl.key.name"), workflows: [workflow], scopes: ["invoke", "query"] }),
    changes: [["keys"]],
    onDone: (made) => setKey(made.key),
  });
  const text =
    data && snippet("curl", "sync", { origin: location.origin, workflow: data.name, input: sampleInput(startSchema(data.document)), key });
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t("step.curl")}
      description={data?.name}
      actions={<Button onClick={onClose}>{t("curl.close")}</Button>}
    >
      {error && <ErrorNotice error={error} />}
      {!text && !error && <Skeleton rows={2} />}
      {text && (
        <div className="flex flex-col gap-4">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
            <Button
              icon={KeyRound}
              kind="primary"
              needs="edit"
              disabled={make.isPending || key !== null}
              onClick={() => make.mutate(undefined)}
            >
              {t("curl.key")}
            </Button>
            <span className="text-sm text-quiet">{key === null ? t("curl.key.hint") : t("curl.key.made")}</span>
          </div>
          <CodeBlock text={text} label={t("step.curl")} />
        </div>
      )}
    </Dialog>
  );
}
