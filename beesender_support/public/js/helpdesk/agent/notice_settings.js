// What an agent is also mailed of the notices that ring their bell: their own choice.
import { openDialog, wordsOf } from "../dialog.js";

const API = "beesender_support.api.agent";

export async function openNoticeSettings({ call, toast }) {
  const settings = await load(toast);
  if (!settings) return;
  const { by_mail: value, choices: options, labels } = settings;
  const choice = {
    name: "choice",
    label: labels.title,
    type: "select",
    required: true,
  };
  openDialog({
    title: labels.title,
    body: [value ? labels.what : labels.always],
    fields: value ? [{ ...choice, options, value }] : [],
    close: labels.cancel,
    submit: value ? labels.save : null,
    onSubmit: async (values) => {
      await call(`${API}.set_notices_by_mail`, values);
      toast.success(labels.saved);
    },
  });
}

// Helpdesk's own call posts, and this only reads.
async function load(toast) {
  try {
    const response = await fetch(`/api/method/${API}.notice_settings`);
    if (!response.ok) throw new Error(response.statusText);
    return (await response.json()).message;
  } catch (error) {
    toast.error(wordsOf(error));
  }
}
