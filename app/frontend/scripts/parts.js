// Puts the parts of an answer from the server in the places of those with the same ids.

const TYPED_IN = "input:not([type=hidden], [type=button], [type=submit]), textarea, select";

function hasFocusIn(place) {
  return place.contains(document.activeElement);
}

function focusAgain(place, id) {
  const target = (id && document.getElementById(id)) || place;
  if (target === place) place.tabIndex = -1;
  target.focus({ preventScroll: true });
}

// A status is told only if its element stays, so its content changes, not the element; its texts (data-text-…) stay with it.
export function fill(place, state, nodes) {
  const next = document.createElement("div");
  next.append(...nodes);
  place.dataset.state = state;
  if (next.innerHTML.trim() === place.innerHTML.trim()) return;
  const focused = hasFocusIn(place);
  place.replaceChildren(...next.childNodes);
  if (focused) focusAgain(place);
}

function replace(old, part) {
  if (old.outerHTML === part.outerHTML) return;
  const focused = hasFocusIn(old) && document.activeElement;
  if (focused && focused.matches(TYPED_IN)) return;
  old.replaceWith(part);
  if (focused) focusAgain(part, focused.id);
}

export function putIn(parts, status) {
  for (const part of [...parts.body.children]) {
    const old = part.id && document.getElementById(part.id);
    if (!old) continue;
    if (old === status) fill(old, part.dataset.state || "", [...part.childNodes]);
    else replace(old, document.adoptNode(part));
  }
}
