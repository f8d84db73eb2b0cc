import { instantInWords } from "../shared/instants.js";
import { fill } from "../shared/sentences.js";

// What an agent is told when the deadline of the open ticket has become another one; null
// where nothing was shown before or it is the same.
export function deadlineChange(before, after) {
  if (!before || !after || before.promise.due === after.promise.due) return null;
  const { promise, labels } = after;
  const due = promise.due && instantInWords(promise.due, promise.language);
  // A deadline that is gone is no new one.
  return due ? fill(labels.new_deadline, due) : `${promise.label}. ${promise.sentence}`;
}
