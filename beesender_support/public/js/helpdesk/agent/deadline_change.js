import { instantInWords } from "../../shared/instants.js";
import { fill } from "../../shared/sentences.js";

// The notice to an agent when the deadline of the open ticket has changed; null if
// nothing was shown before or it is the same.
export function deadlineChange(before, after) {
  if (!before || !after || before.promise.due === after.promise.due) return null;
  const { promise, labels } = after;
  const due = promise.due && instantInWords(promise.due, promise.language);
  // A removed deadline is not a new one.
  return due ? fill(labels.new_deadline, due) : `${promise.label}. ${promise.sentence}`;
}
