// What a form holds, as a list of [name, text]: as it stands, or as the server sent it; and how it is put back.

const NEVER = ["file", "password", "submit", "button", "image", "reset"];

function fieldsOf(form) {
  return [...form.elements].filter((field) => field.name && field.name !== "base" && !field.matches(":disabled") && !NEVER.includes(field.type));
}

function isTicked(field) {
  return field.type === "radio" || field.type === "checkbox";
}

function textsOf(field) {
  if (isTicked(field)) return field.checked ? [field.value] : [];
  if (field.options) return [...field.options].filter((option) => option.selected).map((option) => option.value);
  return [field.value];
}

function sentTextsOf(field) {
  if (isTicked(field)) return field.defaultChecked ? [field.value] : [];
  if (!field.options) return [field.type === "hidden" ? field.value : field.defaultValue];
  const sent = [...field.options].filter((option) => option.defaultSelected);
  return (sent.length || field.multiple ? sent : [...field.options].slice(0, 1)).map((option) => option.value);
}

function listed(form, texts) {
  return fieldsOf(form).flatMap((field) => texts(field).map((text) => [field.name, text.replaceAll("\r\n", "\n")]));
}

export function contents(form) {
  return listed(form, textsOf);
}

export function sentContents(form) {
  return listed(form, sentTextsOf);
}

// New sources wait for a button, since they may be half typed: they are kept, but not saved meanwhile.
function waits([name]) {
  return name.startsWith("new.");
}

export function savedAtOnce(list) {
  return list.filter((item) => !waits(item));
}

export function waiting(list) {
  return list.filter(waits);
}

export function same(some, others) {
  return JSON.stringify(some) === JSON.stringify(others);
}

// What was typed before the script ran stays.
export function putBack(form, kept) {
  const left = new Map();
  for (const [name, text] of kept) left.set(name, [...(left.get(name) || []), text]);
  for (const field of fieldsOf(form)) {
    const texts = left.get(field.name) || [];
    if (!same(textsOf(field), sentTextsOf(field))) continue;
    if (isTicked(field)) field.checked = texts.includes(field.value);
    else if (field.options) for (const option of field.options) option.selected = texts.includes(option.value);
    else if (texts.length && field.type !== "hidden") field.value = texts.shift();
  }
}
