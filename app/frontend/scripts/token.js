// Takes the secret of a link from behind the address's "#", which never reaches a server's log, into the form's field.
import { ready } from "./ready.js";

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

ready(() => {
  const field = document.querySelector("input[data-token-field]");
  const secret = location.hash.slice(1);
  if (!field || !secret || document.getElementById(decoded(secret))) return;
  field.value = decoded(secret);
  const row = field.closest(".govuk-form-group");
  if (row) row.hidden = true;
  history.replaceState(history.state, "", location.pathname + location.search);
});
