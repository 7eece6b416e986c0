import { shellWord } from "@millrace/contract";
import type { Draft } from "#api/drafts.ts";
import { useText } from "#pages/editor/text.ts";
import { CopyButton } from "#ui/copy.tsx";

/** The draft and the file that `millrace dev` keeps it in say different things: nothing is overwritten until a person runs one of two commands. */
export function FileConflictBanner({ draft: { name, file } }: { draft: Draft }) {
  const t = useText();
  if (!file?.conflict) return null;
  const choices = [
    { label: t("file.keep"), command: `millrace deploy ${shellWord(file.path)}` },
    { label: t("file.draft"), command: keepDraft(name, file.path) },
  ];
  return (
    <div role="alert" className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-bad-soft px-4 py-2">
      <p className="grow [overflow-wrap:anywhere]">{t("file.conflict", { path: file.path })}</p>
      {choices.map(({ label, command }) => (
        <p key={command} className="flex items-center gap-2 text-sm [overflow-wrap:anywhere]">
          {label} <code>{command}</code>
          <CopyButton text={command} />
        </p>
      ))}
    </div>
  );
}

/** A file of another program is read, and never written. */
function keepDraft(name: string, path: string): string {
  const workflow = shellWord(name);
  return path.endsWith(".flow")
    ? `millrace export ${workflow} --to ${shellWord(path.replace(/\.flow$/, ".yaml"))}`
    : `millrace pull ${workflow} --yes`;
}
