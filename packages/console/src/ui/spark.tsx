import { useFormat } from "#text/format.ts";

const WIDTH = 84;
const HEIGHT = 20;

/** Counts over time as bars; the part of each that failed in its own colour. The numbers behind it stand beside it. */
export function Spark({ series, failures, label }: { series: readonly number[]; failures: readonly number[]; label: string }) {
  const most = Math.max(1, ...series);
  const step = WIDTH / Math.max(series.length, 1);
  const bar = Math.max(1, step - 1);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      className="inline-block overflow-visible"
    >
      {series.map((count, n) => {
        const height = count === 0 ? 1 : Math.max(2, (count / most) * HEIGHT);
        const failed = count === 0 ? 0 : ((failures[n] ?? 0) / count) * height;
        const x = n * step;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a moment's place is its name
          <g key={n}>
            <rect x={x} y={HEIGHT - height} width={bar} height={height} className={count === 0 ? "fill-line" : "fill-accent"} />
            {failed > 0 && <rect x={x} y={HEIGHT - failed} width={bar} height={failed} className="fill-bad" />}
          </g>
        );
      })}
    </svg>
  );
}

interface CountedProps {
  /** Absent: there were none. */
  readonly of: { readonly series: readonly number[]; readonly failures: readonly number[]; readonly runs: number } | undefined;
  readonly label: string;
}

/** How many runs there were, behind their course. */
export function CountedSpark({ of, label }: CountedProps) {
  const format = useFormat();
  if (!of) return format.number(0);
  return (
    <span className="inline-flex items-center gap-2">
      <Spark series={of.series} failures={of.failures} label={label} />
      {format.number(of.runs)}
    </span>
  );
}
