// Takes a reader to what went wrong: on a page that opens with a list of errors, that list has the focus.
import { ready } from "./ready.js";

ready(() => {
  const summary = document.querySelector(".govuk-error-summary");
  if (!summary) return;
  if (!summary.hasAttribute("tabindex")) summary.tabIndex = -1;
  summary.focus();
});
