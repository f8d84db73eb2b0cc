// Puts the questions of a category into the description, as long as nobody wrote there.
// `parts` holds Helpdesk's editor.
export function descriptionTemplate(parts) {
  let used = null;

  async function use(html) {
    const editor = await editorIn(parts);
    if (!editor || !(editor.isEmpty || editor.getHTML() === used)) return;
    editor.commands.setContent(html, true);
    used = editor.getHTML();
  }

  return { use };
}

// Helpdesk loads its editor when it is first needed.
async function editorIn(parts) {
  for (let tries = 0; tries < 100 && parts.isConnected; tries++) {
    const editor = parts.querySelector(".ProseMirror")?.editor;
    if (editor) return editor;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return null;
}
