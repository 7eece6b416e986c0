import { Link } from "@tanstack/react-router";
import { Logo } from "#ui/logo.tsx";
import { LanguageMenu, ThemeMenu } from "#ui/look-menus.tsx";

/** The head of a page for everyone: without a session there is nowhere else to go. */
export function OpenHeader() {
  return (
    <header className="flex items-center justify-between border-b border-line bg-surface px-4 py-2">
      <Link to="/" className="flex items-center gap-2.5 font-semibold">
        <Logo /> Millrace
      </Link>
      <span className="flex gap-1">
        <LanguageMenu />
        <ThemeMenu />
      </span>
    </header>
  );
}
