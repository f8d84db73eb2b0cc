// Requests to the server where Helpdesk hands no way to make them.

// The answer of a method; a refusal is thrown with its words.
export async function post(method, values) {
  const response = await fetch(`/api/method/${method}`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "X-Frappe-CSRF-Token": window.csrf_token || "",
    },
    body: JSON.stringify(values),
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(refusalOf(answer) || response.statusText);
  return answer.message;
}

function refusalOf({ _server_messages }) {
  const messages = JSON.parse(_server_messages || "[]");
  return messages.map((each) => JSON.parse(each).message).join(" ");
}
