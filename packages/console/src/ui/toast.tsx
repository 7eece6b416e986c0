import { Toast as Base } from "@base-ui/react/toast";
import { X } from "lucide-react";
import { type ReactNode, useCallback } from "react";
import { Button, IconButton } from "#ui/button.tsx";
import { classes } from "#ui/classes.ts";
import { useText } from "#ui/text.ts";

interface ToastAction {
  readonly label: string;
  readonly run: () => void;
}

interface ToastData {
  readonly bad: boolean;
  readonly action: ToastAction | null;
}

export interface ToastOptions {
  readonly title: string;
  readonly detail?: string;
  /** A failure: read out at once. */
  readonly bad?: boolean;
  /** Undo, mostly. */
  readonly action?: ToastAction;
}

export function ToastProvider({ children }: { children: ReactNode }) {
  return (
    <Base.Provider limit={4} timeout={6_000}>
      {children}
      <Base.Portal>
        <Base.Viewport className="fixed right-4 bottom-16 z-60 flex w-80 max-w-[calc(100vw-2rem)] flex-col gap-2 sm:bottom-4">
          <Toasts />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  );
}

function Toasts() {
  const { toasts, close } = Base.useToastManager<ToastData>();
  const t = useText();
  return toasts.map((toast) => (
    <Base.Root
      key={toast.id}
      toast={toast}
      className={classes(
        "flex items-start gap-2 rounded-md border bg-surface p-3 shadow-lg",
        toast.data?.bad ? "border-bad" : "border-line",
      )}
    >
      <div className="min-w-0 grow">
        <Base.Title className="font-medium" />
        <Base.Description className="mt-0.5 text-sm text-quiet [overflow-wrap:anywhere]" />
      </div>
      {toast.data?.action && (
        <Button
          size="small"
          onClick={() => {
            toast.data?.action?.run();
            close(toast.id);
          }}
        >
          {toast.data.action.label}
        </Button>
      )}
      <IconButton size="small" label={t("close")} icon={X} onClick={() => close(toast.id)} />
    </Base.Root>
  ));
}

/** Shows a word at the edge of the page: what was done, with Undo where it can be undone. */
export function useToast(): (options: ToastOptions) => void {
  const { add } = Base.useToastManager<ToastData>();
  return useCallback(
    ({ title, detail, bad = false, action }) => {
      add({
        title,
        ...(detail !== undefined && { description: detail }),
        priority: bad ? "high" : "low",
        data: { bad, action: action ?? null },
      });
    },
    [add],
  );
}
