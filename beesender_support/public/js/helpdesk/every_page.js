// Loaded on every page of Helpdesk, which runs no form script on a list.
import { keepListsInColour } from "./list/list_page.js";
import { keepPlanInMenu } from "./portal_menu.js";

keepPlanInMenu();
keepListsInColour();
