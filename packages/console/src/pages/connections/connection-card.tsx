import type { ConnectionView } from "@millrace/contract";
import { useMutation } from "@tanstack/react-query";
import { CircleCheck, CircleX, Ellipsis, Pencil, Trash2 } from "lucide-react";
import { testConnection } from "#api/connections.ts";
import { PROVIDERS } from "#pages/connections/providers.ts";
import { useText } from "#pages/connections/text.ts";
import { useFormat } from "#text/format.ts";
import { Button, IconButton } from "#ui/button.tsx";
import { Facts } from "#ui/facts.tsx";
import { Menu } from "#ui/menu.tsx";
import { ErrorNotice } from "#ui/notice.tsx";

interface ConnectionCardProps {
  readonly connection: ConnectionView;
  readonly onChange: () => void;
  readonly onDelete: () => void;
}

export function ConnectionCard({ connection, onChange, onDelete }: ConnectionCardProps) {
  const t = useText();
  const format = useFormat();
  const { name, provider, baseUrl, hosts, credential, workflows, lastUsedAt, updatedAt } = connection;
  const now = Date.now();
  const title = PROVIDERS.find((one) => one.name === provider)?.title ?? provider;
  return (
    <li className="flex flex-col gap-3 rounded-lg border border-line bg-surface p-4">
      <div className="flex items-start justify-between gap-2">
        <div className="min-w-0">
          <h3 className="font-semibold [overflow-wrap:anywhere]">{name}</h3>
          <p className="text-sm text-quiet">{title}</p>
        </div>
        <Menu
          trigger={<IconButton size="small" icon={Ellipsis} label={t("actions", { name })} />}
          items={[
            { key: "edit", label: t("edit"), icon: Pencil, needs: "edit", onSelect: onChange },
            { key: "delete", label: t("delete"), icon: Trash2, danger: true, needs: "edit", onSelect: onDelete },
          ]}
        />
      </div>
      <Facts
        facts={[
          [t("form.url"), baseUrl],
          [
            t("form.credential"),
            credential
              ? `${t(`credential.${credential.type}`)} ${credential.name ?? credential.username ?? ""} ••••`
              : t("credential.none"),
          ],
          hosts.length === 0 ? null : [t("form.hosts"), hosts.join(", ")],
          [t("used"), workflows.length === 0 ? t("used.none") : workflows.map((one) => one.name).join(", ")],
        ]}
      />
      <div className="mt-auto flex flex-wrap items-center justify-between gap-2">
        <p className="text-sm text-quiet">
          {t("changed", { when: format.relative(updatedAt, now) })} ·{" "}
          {lastUsedAt === undefined ? t("used.never") : t("used.at", { when: format.relative(lastUsedAt, now) })}
        </p>
      </div>
      <Test name={name} />
    </li>
  );
}

function Test({ name }: { name: string }) {
  const t = useText();
  const format = useFormat();
  const { mutate, data, error, isPending } = useMutation({ mutationFn: testConnection });
  return (
    <div className="flex flex-col gap-2">
      <Button size="small" needs="edit" className="self-start" disabled={isPending} onClick={() => mutate(name)}>
        {t("test")}
      </Button>
      {error && <ErrorNotice error={error} />}
      {data && (
        <div role="status" className={data.ok ? "rounded-md bg-good-soft p-3" : "rounded-md bg-bad-soft p-3"}>
          <p className="flex items-center gap-1.5 font-medium">
            {data.ok ? (
              <CircleCheck size={15} aria-hidden="true" className="text-good" />
            ) : (
              <CircleX size={15} aria-hidden="true" className="text-bad" />
            )}
            {data.ok ? t("test.good", { duration: format.duration(data.durationMs) }) : t("test.bad")}
            {data.status !== undefined && ` · ${data.status}`}
          </p>
          {data.model !== undefined && (
            <p className="text-sm [overflow-wrap:anywhere]">{t("test.model", { model: data.model, text: data.text ?? "" })}</p>
          )}
          {data.error && (
            <p className="text-sm [overflow-wrap:anywhere]">
              <a className="underline" href={`/errors/${data.error.type}`}>
                <code>{data.error.type}</code>
              </a>
              : {data.error.message}
            </p>
          )}
          {data.error?.type === "egress_denied" && (
            <p className="mt-1 text-sm">{t.rich("egress.hint", { variable: <code>MILLRACE_EGRESS_ALLOW</code> })}</p>
          )}
        </div>
      )}
    </div>
  );
}
