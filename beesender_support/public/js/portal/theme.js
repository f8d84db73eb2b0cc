// The theme chosen in Helpdesk, before anything is drawn; a module would come too late.
// Without a choice the style sheet follows the browser.
{
  const chosen = localStorage.getItem("theme");
  if (chosen === "light" || chosen === "dark") {
    document.documentElement.dataset.theme = chosen;
  }
}
