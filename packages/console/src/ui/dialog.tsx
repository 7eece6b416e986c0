import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { type ReactNode, useRef } from "react";
import { IconButton } from "#ui/button.tsx";
import { classes } from "#ui/classes.ts";
import { useText } from "#ui/text.ts";

interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly description?: ReactNode;
  readonly children?: ReactNode;
  /** Buttons at the foot, the one that goes on last. */
  readonly actions?: ReactNode;
  /** `side`: a drawer at the end of the page; full width on a phone. */
  readonly place?: "centre" | "side";
  readonly wide?: boolean;
}

const PLACES = {
  centre: "top-1/2 left-1/2 -translate-x-1/2 -translate-y-1/2 w-[calc(100vw-2rem)] max-h-[calc(100dvh-2rem)] rounded-lg",
  side: "inset-y-0 right-0 w-full max-w-[100vw] rounded-s-lg",
} as const;

const FIELDS = "input:not([type=hidden], [hidden], :disabled), textarea:not(:disabled), select:not(:disabled)";

/** Traps the focus, which begins in its first field, gives it back on close, and closes with Escape. */
export function Dialog({ open, onClose, title, description, children, actions, place = "centre", wide = false }: DialogProps) {
  const t = useText();
  const body = useRef<HTMLDivElement>(null);
  const width = place === "side" ? (wide ? "sm:w-3xl" : "sm:w-md") : wide ? "sm:max-w-4xl" : "sm:max-w-lg";
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-shade" />
        <Base.Popup
          // A finger would be met by the keyboard of its phone.
          initialFocus={(by) => (by === "touch" ? true : (body.current?.querySelector<HTMLElement>(FIELDS) ?? true))}
          className={classes("fixed z-50 flex flex-col border border-line bg-surface shadow-2xl outline-none", PLACES[place], width)}
        >
          <header className={classes("flex gap-4 border-b border-line px-5 py-3", description ? "items-start" : "items-center")}>
            <div className="min-w-0 grow">
              <Base.Title className="text-lg font-semibold">{title}</Base.Title>
              {description && <Base.Description className="mt-0.5 text-sm text-quiet">{description}</Base.Description>}
            </div>
            <IconButton label={t("close")} icon={X} onClick={onClose} />
          </header>
          <div ref={body} className="min-h-0 grow overflow-y-auto px-5 py-4">
            {children}
          </div>
          {actions && <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">{actions}</footer>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
