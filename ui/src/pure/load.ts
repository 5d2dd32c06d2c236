/** Keeps the answer of the newest of several questions, whatever order they are answered in. */
export function newest(): { next(): number; is(ticket: number): boolean } {
  let last = 0;
  return { next: () => ++last, is: (ticket) => ticket === last };
}
