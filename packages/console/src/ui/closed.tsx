import type { Permission } from "@millrace/contract";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Lock } from "lucide-react";
import type { ReactNode } from "react";
import { whoQuery } from "#api/session.ts";
import { buttonClass } from "#ui/button.tsx";
import { Empty, Page } from "#ui/page.tsx";
import { useMay } from "#ui/permission.tsx";
import { useText } from "#ui/text.ts";

interface ForRoleProps {
  readonly needs: Exclude<Permission, "view">;
  /** The page's own heading and what it is for: whoever may not see it learns what would be there. */
  readonly title: string;
  readonly lead: string;
  readonly children: ReactNode;
}

/** A page of those who have the permission. Everybody else learns who that is and whom to ask; the server is not asked in vain. */
export function ForRole({ needs, title, lead, children }: ForRoleProps) {
  if (useMay()(needs)) return children;
  return (
    <Page title={title} lead={lead}>
      <Closed needs={needs} />
    </Page>
  );
}

function Closed({ needs }: Pick<ForRoleProps, "needs">) {
  const t = useText();
  const { data: who } = useQuery(whoQuery);
  const name = who?.name ?? who?.email;
  return (
    <Empty icon={Lock} title={t(`needs.${needs}`)}>
      <p className="max-w-prose text-quiet">
        {who?.role !== undefined && name !== undefined && `${t("closed.you", { name, role: t(`role.${who.role}`) })} `}
        {t("closed.ask")}
      </p>
      <Link to="/" className={buttonClass("primary")}>
        {t("closed.home")}
      </Link>
    </Empty>
  );
}
