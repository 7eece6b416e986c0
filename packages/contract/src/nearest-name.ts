/** Longer names are not compared: the cost grows with the product of the lengths. */
const COMPARED_CHARACTERS = 64;

/** The candidate that was probably meant: at most two edits away, and fewer than half of the name; null when none is. */
export function nearestName(name: string, candidates: readonly string[]): string | null {
  if (name.length > COMPARED_CHARACTERS) return null;
  let best: string | null = null;
  let least = Math.min(2, Math.floor((name.length - 1) / 2)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) >= least) continue;
    const distance = candidate.toLowerCase() === name.toLowerCase() ? 0 : editDistance(name, candidate);
    if (distance >= least) continue;
    best = candidate;
    least = distance;
  }
  return best;
}

/** Edits (insert, delete, replace, swap neighbours) that turn one text into the other. */
function editDistance(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1];
      const replaced = cell(last, column - 1) + (same ? 0 : 1);
      const swapped =
        left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1] ? cell(beforeLast, column - 2) + 1 : replaced;
      current.push(Math.min(replaced, swapped, cell(last, column) + 1, cell(current, column - 1) + 1));
    }
    beforeLast = last;
    last = current;
  }
  return cell(last, right.length);
}

function cell(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
