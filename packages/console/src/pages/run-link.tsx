import { Link } from "@tanstack/react-router";
import { path } from "#api/client.ts";

/** To a run, named by the ends of its id: the middle tells nobody anything. */
export function RunLink({ id }: { id: string }) {
  return (
    <Link to={path("runs", id)} title={id} className="whitespace-nowrap font-mono text-sm text-accent underline-offset-2 hover:underline">
      {`${id.slice(0, 8)}…${id.slice(-4)}`}
    </Link>
  );
}
