import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { FileQuestion } from "lucide-react";
import { ApiError } from "#api/client.ts";
import { errorPageQuery } from "#api/error-pages.ts";
import { useText } from "#pages/errors/text.ts";
import { useLanguage } from "#text/text.tsx";
import { Logo } from "#ui/logo.tsx";
import { LanguageMenu, ThemeMenu } from "#ui/look-menus.tsx";
import { ErrorNotice, Skeleton } from "#ui/notice.tsx";
import { Empty, useTitle } from "#ui/page.tsx";
import { Prose } from "#ui/prose.tsx";

/** The page of one error, from the documentation that the server carries. For everyone: it needs no session. */
export default function ErrorPage() {
  const { type } = useParams({ from: "/errors/$type" });
  const t = useText();
  const { language } = useLanguage();
  const { data, error, refetch } = useQuery(errorPageQuery(type));
  useTitle(type);
  const unknown = error instanceof ApiError && error.status === 404;
  return (
    <div className="min-h-dvh">
      <header className="flex items-center justify-between border-b border-line bg-surface px-4 py-2">
        <Link to="/" className="flex items-center gap-2.5 font-semibold">
          <Logo /> Millrace
        </Link>
        <span className="flex gap-1">
          <LanguageMenu />
          <ThemeMenu />
        </span>
      </header>
      <main id="main" className="mx-auto flex max-w-3xl flex-col gap-4 px-4 py-8">
        {unknown && <Empty icon={FileQuestion} title={t("missing", { type })} />}
        {error && !unknown && <ErrorNotice error={error} onRetry={() => void refetch()} />}
        {!data && !error && <Skeleton />}
        {data && language !== "en" && <p className="text-sm text-quiet">{t("english")}</p>}
        {data && <Prose text={data} lang="en" />}
      </main>
    </div>
  );
}
