import { useFormat } from "#text/format.ts";
import { classes } from "#ui/classes.ts";

const TONES = { accent: "bg-accent", bad: "bg-bad", busy: "bg-busy" } as const;

interface BarProps {
  readonly label: string;
  readonly done: number;
  readonly total: number;
  readonly tone?: keyof typeof TONES;
  readonly className?: string;
}

/** A part of a whole. Drawn here: browsers' own bars choose colours in which an empty one looks full. */
export function Bar({ label, done, total, tone = "accent", className }: BarProps) {
  return (
    <div className={classes("relative", className)}>
      <progress aria-label={label} max={Math.max(total, 1)} value={done} className="sr-only" />
      <div aria-hidden="true" className="h-full overflow-hidden rounded-full bg-quiet-soft">
        <div
          className={classes("h-full transition-[width]", TONES[tone])}
          style={{ width: `${total === 0 ? 100 : (done / total) * 100}%` }}
        />
      </div>
    </div>
  );
}

interface ProgressProps {
  /** What goes on. */
  readonly label: string;
  readonly done: number;
  readonly total: number;
  /** `40 of 100` */
  readonly text: string;
  readonly facts: readonly (readonly [name: string, count: number])[];
}

/** How far something of a known size is, with its counts. */
export function Progress({ label, done, total, text, facts }: ProgressProps) {
  const format = useFormat();
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-center gap-3">
        <Bar label={label} done={done} total={total} className="h-2 grow" />
        <span role="status" className="text-sm whitespace-nowrap text-quiet">
          {text}
        </span>
      </div>
      <dl className="flex flex-wrap gap-x-5 gap-y-1 text-sm">
        {facts.map(([name, count]) => (
          <div key={name} className="flex gap-1.5">
            <dt className="text-quiet">{name}</dt>
            <dd className="font-medium">{format.number(count)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
