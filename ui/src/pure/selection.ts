/** Which mails are chosen: some by name, or all that match but some. */
export interface Selection {
  readonly all: boolean;
  /** The chosen ones; with `all`, those that are not. */
  readonly ids: ReadonlySet<string>;
}

export const NOTHING: Selection = { all: false, ids: new Set() };

export const EVERYTHING: Selection = { all: true, ids: new Set() };

export function isChosen(selection: Selection, id: string): boolean {
  return selection.all !== selection.ids.has(id);
}

export function choose(selection: Selection, ids: Iterable<string>, chosen: boolean): Selection {
  const next = new Set(selection.ids);
  for (const id of ids) {
    if (chosen !== selection.all) next.add(id);
    else next.delete(id);
  }
  return { all: selection.all, ids: next };
}

export function toggle(selection: Selection, id: string): Selection {
  return choose(selection, [id], !isChosen(selection, id));
}

/** How many are chosen where `total` match. */
export function chosenCount(selection: Selection, total: number): number {
  return selection.all ? Math.max(0, total - selection.ids.size) : selection.ids.size;
}

/** The names of the chosen ones among all that match. */
export function chosenOf(selection: Selection, matching: readonly string[]): string[] {
  return matching.filter((id) => isChosen(selection, id));
}

/** The parts of a list, each of `size` at most. */
export function batches<T>(list: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < list.length; at += size) parts.push(list.slice(at, at + size));
  return parts;
}
