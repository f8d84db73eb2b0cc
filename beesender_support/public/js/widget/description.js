// A description by the questions of its category, as the portal's form has it: each
// question, and below it what was answered.

export function described(questions, { answers, description }) {
  if (!questions.length) return description.trim();
  return questions
    .map((question) => [question, (answers[question] ?? "").trim()])
    .filter(([, answer]) => answer)
    .map((pair) => pair.join("\n"))
    .join("\n\n");
}
