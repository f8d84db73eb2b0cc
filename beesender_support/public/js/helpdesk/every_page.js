// Loaded on every page of Helpdesk, which runs no form script on a list.
