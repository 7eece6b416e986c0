import type { ReactNode } from "react";
import { Logo } from "#ui/logo.tsx";
import { LanguageMenu, ThemeMenu } from "#ui/look-menus.tsx";
import { useTitle } from "#ui/page.tsx";

/** The page of those who are not in yet: one card. */
export function Frame({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  useTitle(title);
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="flex justify-end gap-1 p-3">
        <LanguageMenu />
        <ThemeMenu />
      </header>
      <main id="main" className="flex grow flex-col items-center px-4 pt-[6vh] pb-16">
        <div className="flex w-full max-w-sm flex-col gap-5">
          <div className="flex flex-col items-center gap-3 text-center">
            <Logo size={44} />
            <h1 className="text-2xl leading-tight font-semibold">{title}</h1>
            {lead && <p className="text-quiet">{lead}</p>}
          </div>
          <div className="rounded-lg border border-line bg-surface p-5">{children}</div>
        </div>
      </main>
    </div>
  );
}
