import type { Import } from "./imports.ts";

/** A package, or a room of the server: "engine", "server/http". Tests, front doors of packages and loose files have none. */
export function roomOf(path: string): string | undefined {
  const [packages, name, src, ...rest] = path.split("/");
  if (packages !== "packages" || name === undefined || src !== "src") return undefined;
  if (name !== "server") return name;
  if (rest.length > 1) return `server/${rest[0]}`;
  return rest[0] === "app.ts" ? "server/app" : undefined;
}

/**
 * A Mermaid graph with an arrow from each room to each room that it imports, dotted where all imports are of types.
 * What the server's rooms import of other packages is drawn once, as an arrow from the server.
 */
export function drawRooms(imports: readonly Import[]): string {
  const arrows = new Map<string, boolean>();
  const rooms = new Set<string>();
  for (const { from, to, typeOnly } of imports) {
    const source = roomOf(from);
    const target = roomOf(to);
    if (source === undefined || target === undefined) continue;
    rooms.add(source).add(target);
    if (source === target) continue;
    const arrow = `${outside(source, target)} ${outside(target, source)}`;
    arrows.set(arrow, typeOnly && (arrows.get(arrow) ?? true));
  }
  return ["```mermaid", "graph TD", ...serverRooms(rooms), ...[...arrows].sort().map(drawArrow), "```"].join("\n");
}

/** How a room is named as seen by the other one: a server room is just "server" to the rest of the house. */
function outside(room: string, other: string): string {
  const bothInServer = room.startsWith("server/") && other.startsWith("server/");
  return bothInServer ? room : (room.split("/")[0] ?? room);
}

function serverRooms(rooms: ReadonlySet<string>): string[] {
  const inside = [...rooms].filter((room) => room.startsWith("server/")).sort();
  if (inside.length === 0) return [];
  return ["  subgraph server", ...inside.map((room) => `    ${idOf(room)}["${room.slice("server/".length)}"]`), "  end"];
}

function drawArrow([arrow, typeOnly]: readonly [string, boolean]): string {
  const [source = "", target = ""] = arrow.split(" ");
  return `  ${idOf(source)} ${typeOnly ? "-.->" : "-->"} ${idOf(target)}`;
}

// Mermaid takes a slash for part of a shape.
function idOf(room: string): string {
  return room.replace("/", "_");
}
