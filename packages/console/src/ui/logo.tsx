export function Logo({ size = 26 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true" className="shrink-0">
      <rect width="32" height="32" rx="8" className="fill-accent" />
      <g fill="none" strokeWidth="2.2" strokeLinecap="round" className="stroke-on-accent">
        <circle cx="16" cy="13.5" r="6.5" />
        <path d="M16 4.5v18M8.2 9l15.6 9M8.2 18l15.6-9" />
        <path d="M5 26c2.2 0 2.2-1.6 4.4-1.6s2.2 1.6 4.4 1.6 2.2-1.6 4.4-1.6 2.2 1.6 4.4 1.6 2.2-1.6 4.4-1.6" opacity="0.7" />
      </g>
    </svg>
  );
}
