import { useQuery } from "@tanstack/react-query";
import { Link2, Trash2 } from "lucide-react";
import { useState } from "react";
import { createShare, type RunShareView, revokeShare, sharesQuery } from "#api/shares.ts";
import { useAction } from "#app/use-action.ts";
import { useText } from "#pages/run/text.ts";
import { useFormat } from "#text/format.ts";
import { Button, IconButton } from "#ui/button.tsx";
import { CodeBlock } from "#ui/copy.tsx";
import { Dialog } from "#ui/dialog.tsx";
import { Field, Select } from "#ui/field.tsx";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";

const LIVES_H = [1, 24, 168, 720, 2160] as const;
const WEEK_H = 168;

/** Makes links with which anybody looks at the run, and takes them back. */
export function ShareDialog({ run, onClose }: { run: string; onClose: () => void }) {
  const t = useText();
  const { data, error } = useQuery(sharesQuery(run));
  return (
    <Dialog open onClose={onClose} title={t("share.title")} description={t("share.lead")}>
      {error && <ErrorNotice error={error} />}
      {!data && !error && <Skeleton rows={2} />}
      {data && !data.enabled && <p className="text-quiet">{t("share.off")}</p>}
      {data?.enabled && (
        <div className="flex flex-col gap-5">
          <NewLink run={run} />
          {data.data.length > 0 && <Links links={data.data} />}
        </div>
      )}
    </Dialog>
  );
}

function NewLink({ run }: { run: string }) {
  const t = useText();
  const [hours, setHours] = useState(WEEK_H);
  const create = useAction({ run: (life: number) => createShare(run, life), changes: [["run-shares", run]] });
  const life = (h: number) => (h < 24 ? t("share.hours", { count: h }) : t("share.days", { count: h / 24 }));
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate(hours);
      }}
    >
      <div className="flex flex-wrap items-end gap-3">
        <Field label={t("share.works")}>
          {(control) => (
            <Select {...control} value={hours} onChange={(event) => setHours(Number(event.target.value))} className="w-40">
              {LIVES_H.map((h) => (
                <option key={h} value={h}>
                  {life(h)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Button kind="primary" type="submit" icon={Link2} disabled={create.isPending}>
          {t("share.create")}
        </Button>
      </div>
      {create.data && (
        <div className="flex flex-col gap-1.5">
          <CodeBlock text={create.data.url} label={t("share.link")} className="break-all whitespace-pre-wrap" />
          <p className="text-sm text-quiet">{t("share.once")}</p>
        </div>
      )}
    </form>
  );
}

function Links({ links }: { links: readonly RunShareView[] }) {
  const t = useText();
  const format = useFormat();
  const revoke = useAction({
    run: revokeShare,
    done: () => t("share.revoked"),
    changes: links.slice(0, 1).map(({ runId }) => ["run-shares", runId]),
  });
  return (
    <section className="flex flex-col gap-1.5">
      <h3 className="text-sm font-medium">{t("share.links")}</h3>
      <ul className="flex flex-col divide-y divide-line rounded-md border border-line">
        {links.map((link) => (
          <li key={link.id} className="flex items-center gap-3 px-3 py-2">
            <span className="min-w-0 grow">
              <code className="text-sm">{link.hint}</code>
              <span className="block text-sm text-quiet [overflow-wrap:anywhere]">
                {t("share.about", { who: link.createdBy, until: format.time(link.expiresAt) })}
              </span>
            </span>
            <IconButton
              icon={Trash2}
              label={t("share.revoke", { hint: link.hint })}
              disabled={revoke.isPending}
              onClick={() => revoke.mutate(link)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
