const WIDTH = 120;
const HEIGHT = 28;

interface FigureLineProps {
  readonly figures: readonly (number | null)[];
  /** Drawn across. */
  readonly threshold: number | undefined;
  readonly label: string;
}

/** What the last looks saw, and the threshold as a dashed line; the numbers stand beside it. */
export function FigureLine({ figures, threshold, label }: FigureLineProps) {
  const known = figures.filter((figure) => figure !== null);
  const most = Math.max(...known, threshold ?? 0, 1e-9) * 1.1;
  const y = (figure: number) => HEIGHT - 1 - (figure / most) * (HEIGHT - 2);
  const x = (at: number) => (figures.length < 2 ? WIDTH : (at / (figures.length - 1)) * WIDTH);
  const points = figures.flatMap((figure, at) => (figure === null ? [] : [`${x(at)},${y(figure)}`])).join(" ");
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} className="shrink-0">
      {threshold !== undefined && (
        <line x1={0} x2={WIDTH} y1={y(threshold)} y2={y(threshold)} strokeDasharray="3 3" className="stroke-line-strong" />
      )}
      {known.length > 1 && <polyline points={points} fill="none" strokeWidth={1.5} strokeLinejoin="round" className="stroke-accent" />}
    </svg>
  );
}
