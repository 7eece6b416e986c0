import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { IconButton } from "#ui/button.tsx";
import { classes } from "#ui/classes.ts";
import { useText } from "#ui/text.ts";

const SHOWN_MS = 2_000;

/** Copies exactly the text that it is given. */
export function CopyButton({ text, label }: { text: string; label?: string }) {
  const t = useText();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <IconButton
      size="small"
      icon={copied ? Check : Copy}
      label={copied ? t("copied") : (label ?? t("copy"))}
      onClick={() => void copyText(text).then(setCopied)}
    />
  );
}

/** false where the browser refuses. Without TLS a page has no clipboard but the selection's. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "fixed opacity-0";
  document.body.append(area);
  area.select();
  try {
    return document.execCommand("copy");
  } finally {
    area.remove();
  }
}

/** Text of a fixed width that scrolls in its place, by keyboard too; a phone breaks its lines instead. */
export function Preformatted({ text, label, className }: { text: string; label?: string | undefined; className?: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section tabIndex={0} aria-label={label} className={classes("overflow-auto p-3", className)}>
      <pre className="font-mono whitespace-[inherit] max-sm:whitespace-pre-wrap max-sm:[overflow-wrap:anywhere]">{text}</pre>
    </section>
  );
}

export function CodeBlock({ text, className, label }: { text: string; className?: string; label?: string }) {
  return (
    <div className={classes("flex max-w-full items-start rounded-md border border-line bg-raised", className)}>
      <Preformatted text={text} label={label} className="min-w-0 grow self-stretch text-sm leading-5" />
      <div className="shrink-0 p-1.5">
        <CopyButton text={text} />
      </div>
    </div>
  );
}
