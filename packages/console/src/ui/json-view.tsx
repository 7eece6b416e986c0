import { Download } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import { useFormat } from "#text/format.ts";
import { Button, buttonClass } from "#ui/button.tsx";
import { classes } from "#ui/classes.ts";
import { CopyButton } from "#ui/copy.tsx";
import { jsonTokens } from "#ui/json-tokens.ts";
import { useText } from "#ui/text.ts";

/** Shown at first; the rest on demand. A page of megabytes helps nobody. Characters. */
const PREVIEW_CHARACTERS = 32_768;

/** Longer texts stay in one colour: a hundred thousand coloured elements make a page slow. Characters. */
const COLOURED_CHARACTERS = 262_144;

/** Longer texts are not laid out at all: they are downloaded. Characters. */
const SHOWN_CHARACTERS = 2_000_000;

const COLOURS = { key: "text-accent", string: "text-good", word: "text-wait", number: "text-busy" } as const;

interface JsonViewProps {
  readonly value: unknown;
  /** What it is, for readers; the name of the file that is downloaded. */
  readonly label: string;
  readonly className?: string;
  /** Shown to its end from the first. */
  readonly opened?: boolean;
}

/** A JSON value, indented, as text; a string as it is. */
export function JsonView({ value, label, className, opened = false }: JsonViewProps) {
  const t = useText();
  const [whole, setWhole] = useState(opened);
  const text = useMemo(() => (typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? "")), [value]);
  const shown = whole ? text : text.slice(0, PREVIEW_CHARACTERS);
  const rest = text.length - shown.length;
  return (
    <Box
      label={label}
      copied={text}
      {...(className !== undefined && { className })}
      rest={
        rest > 0 && (
          <Rest bytes={rest}>
            {text.length <= SHOWN_CHARACTERS && (
              <Button size="small" onClick={() => setWhole(true)}>
                {t("json.all")}
              </Button>
            )}
            <Button size="small" icon={Download} onClick={() => download(`${label}.json`, text)}>
              {t("json.download")}
            </Button>
          </Rest>
        )
      }
    >
      {typeof value === "string" || shown.length > COLOURED_CHARACTERS ? shown : <Coloured text={shown} />}
    </Box>
  );
}

interface LongJsonViewProps {
  /** The beginning of the JSON. */
  readonly text: string;
  readonly label: string;
  /** Of the whole value. */
  readonly bytes: number;
  /** Brings the whole value. */
  readonly load: () => Promise<unknown>;
  /** Address that saves it as a file. */
  readonly href: string;
}

/** A value of which the page has the beginning alone: the whole is brought, or saved, when somebody asks for it. */
export function LongJsonView({ text, label, bytes, load, href }: LongJsonViewProps) {
  const t = useText();
  const [whole, setWhole] = useState<{ readonly value: unknown } | null>(null);
  const [loading, setLoading] = useState(false);
  const bring = async () => {
    setLoading(true);
    try {
      setWhole({ value: await load() });
    } finally {
      setLoading(false);
    }
  };
  if (whole) return <JsonView value={whole.value} label={label} opened />;
  return (
    <Box
      label={label}
      copied={text}
      rest={
        <Rest bytes={bytes - new Blob([text]).size}>
          {bytes <= SHOWN_CHARACTERS && (
            <Button size="small" disabled={loading} onClick={() => void bring()}>
              {t("json.all")}
            </Button>
          )}
          <a href={href} download className={buttonClass("plain", "small")}>
            <Download size={14} aria-hidden="true" /> {t("json.download")}
          </a>
        </Rest>
      }
    >
      {text}
    </Box>
  );
}

interface BoxProps {
  readonly label: string;
  readonly copied: string;
  readonly className?: string;
  readonly rest: ReactNode;
  readonly children: ReactNode;
}

function Box({ label, copied, className, rest, children }: BoxProps) {
  return (
    <div className={classes("relative rounded-md border border-line bg-raised", className)}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section tabIndex={0} aria-label={label} className="max-h-96 overflow-auto p-3 pe-12">
        <pre className="font-mono text-sm leading-5 whitespace-pre-wrap [overflow-wrap:anywhere]">{children}</pre>
      </section>
      <div className="absolute top-1.5 right-1.5 rounded-md bg-raised">
        <CopyButton text={copied} />
      </div>
      {rest}
    </div>
  );
}

function Rest({ bytes, children }: { bytes: number; children: ReactNode }) {
  const t = useText();
  const format = useFormat();
  return (
    <div className="flex flex-wrap items-center gap-2 border-t border-line px-3 py-2 text-sm text-quiet">
      <span className="grow">{t("json.rest", { size: format.bytes(bytes) })}</span>
      {children}
    </div>
  );
}

function Coloured({ text }: { text: string }) {
  const tokens = useMemo(() => jsonTokens(text), [text]);
  return tokens.map(({ kind, text: part }, n) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: tokens have no name but their place
    <span key={n} className={kind === null ? undefined : COLOURS[kind]}>
      {part}
    </span>
  ));
}

/** Hands the browser a file. */
export function download(name: string, content: string | Blob): void {
  const url = URL.createObjectURL(typeof content === "string" ? new Blob([content]) : content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name.replaceAll(/[\\/:*?"<>|]/g, "-");
  link.click();
  URL.revokeObjectURL(url);
}
