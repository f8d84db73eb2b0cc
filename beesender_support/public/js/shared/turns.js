// Answers overtake each other. `begin()` takes the next turn and returns whether it still is
// the last one: what an earlier turn hears is outdated.
export function turns() {
  let last = 0;
  return function begin() {
    last += 1;
    const mine = last;
    return () => mine === last;
  };
}
