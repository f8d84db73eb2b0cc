import { instantInWords } from "../../shared/instants.js";
import { fill } from "../../shared/sentences.js";

// The notice to an agent when deadlines of the open ticket have changed; null if nothing
// was shown before or they are the same.
export function deadlineChange(before, after) {
  if (!before || !after) return null;
  const { promise, labels } = after;
  const shown = (due) => instantInWords(due, promise.language);
  if ((promise.promises ?? []).length > 1) {
    return (
      movedDeadlines(before.promise.promises, promise.promises)
        .map(({ title, due }) => fill(labels.new_deadline_of, title, shown(due)))
        .join(". ") || null
    );
  }
  if (before.promise.due === promise.due) return null;
  // A removed deadline is not a new one.
  return promise.due
    ? fill(labels.new_deadline, shown(promise.due))
    : `${promise.label}. ${promise.sentence}`;
}

// A clock that starts, pauses or stops is no such news: the panel shows it.
function movedDeadlines(before = [], after) {
  const dues = new Map(before.map(({ target, due }) => [target, due]));
  return after.filter(
    ({ target, due }) => due && dues.get(target) && dues.get(target) !== due,
  );
}
