// Follow-up questions: a block with data-asked-when (JSON: a list of tests {field, mode, options} on fields of the form, all of
// which must hold) shows and hides as the fields change. What stands in a hidden block is still sent, and counts nowhere.
import { ready } from "./ready.js";

const MODES = {
  is: (chosen, options) => options.some((option) => chosen.includes(option)),
  any: (chosen, options) => options.some((option) => chosen.includes(option)),
  all: (chosen, options) => options.every((option) => chosen.includes(option)),
  none: (chosen, options) => chosen.length > 0 && !options.some((option) => chosen.includes(option)),
};

function isChosen(field) {
  if (field.closest("[data-asked-when][hidden]")) return false;
  return field.value !== "" && (field.checked || !["radio", "checkbox"].includes(field.type));
}

function chosenIn(form, name) {
  return [...form.elements].filter((field) => field.name === name && isChosen(field)).map((field) => field.value);
}

function holds(form, { field, mode, options }) {
  return MODES[mode](chosenIn(form, field), options);
}

// In the order of the page, since a question that is hidden counts as not answered for those after it.
function showWhatIsAsked(form) {
  for (const block of form.querySelectorAll("[data-asked-when]")) {
    const tests = JSON.parse(block.dataset.askedWhen);
    block.hidden = !tests.every((test) => holds(form, test));
  }
}

ready(() => {
  for (const form of document.querySelectorAll("form")) {
    if (!form.querySelector("[data-asked-when]")) continue;
    form.classList.add("mgi-follows");
    form.addEventListener("input", () => showWhatIsAsked(form));
    form.addEventListener("change", () => showWhatIsAsked(form));
    showWhatIsAsked(form);
  }
});
