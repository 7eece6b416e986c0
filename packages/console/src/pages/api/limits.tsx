import type { KeyView } from "@millrace/contract";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { allKeysQuery } from "#api/keys.ts";
import { useText } from "#pages/api/text.ts";
import { useFormat } from "#text/format.ts";
import { Card } from "#ui/page.tsx";

/** How many requests the keys of the workflow let through. */
export function Limits({ workflow }: { workflow: string }) {
  const t = useText();
  const { data: keys = [] } = useQuery(allKeysQuery);
  const callers = keys.filter(({ scopes, workflows }) => scopes.includes("invoke") && workflows.some(({ id }) => id === workflow));
  return (
    <Card title={t("limits")}>
      <p className="mb-3 text-sm text-quiet">{t("limits.text")}</p>
      {callers.length === 0 && <p>{t("limits.none")}</p>}
      <dl className="flex flex-col gap-2.5">
        {callers.map((key) => (
          <div key={key.id}>
            <dt className="flex flex-wrap items-baseline gap-x-2">
              {key.name !== undefined && <span className="font-medium [overflow-wrap:anywhere]">{key.name}</span>}
              <code className="text-sm text-quiet">{key.hint}</code>
            </dt>
            <dd>
              <Limit of={key} />
            </dd>
          </div>
        ))}
      </dl>
      <Link to="/keys" className="mt-3 inline-block text-accent underline-offset-2 hover:underline">
        {t("limits.keys")}
      </Link>
    </Card>
  );
}

function Limit({ of: { rateLimit } }: { of: KeyView }) {
  const t = useText();
  const format = useFormat();
  if (!rateLimit) return <span className="text-quiet">{t("limits.server")}</span>;
  const { requests, windowS } = rateLimit;
  return t("limits.key", { requests: format.number(requests), time: format.duration(windowS * 1_000) });
}
