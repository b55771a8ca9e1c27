// A stock JSON Forms client without a screen: it draws a form, and fills in every control that the form shows. It knows JSON
// Schema and JSON Forms, and nothing of what the form is about.
//
// Usage: node fill_form.mjs [first|last] < form.json > filled.json     (which option it takes; the first if not said)
//
// Input:  {schema, uischema, data}, other members are passed over, but for
//         updates: [[path, value], …]  values to set before anything else, one after another; null clears one
// Output: {data      what the form holds in the end, to be sent back,
//          steps     after each of `updates`: {visible: [scope…], errors: [path…]},
//          filled    the scopes of the controls that were filled in, in order,
//          appeared, vanished   the scopes of controls that an answer showed or hid,
//          problems  what a user would stumble over: a bad value without an error, a good one with one, a control that is not
//                    drawn; empty if all is well,
//          errors    the validator's errors in the end, as texts}
// It ends with status 1 and a message if Ajv in strict mode does not accept the schema or a rule's condition.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { Actions, coreReducer, isVisible, resolveSchema, toDataPath } = require("@jsonforms/core");
const { JsonForms } = require("@jsonforms/react");
const { vanillaCells, vanillaRenderers } = require("@jsonforms/vanilla-renderers");
const { default: Ajv2020 } = require("ajv/dist/2020");
const { createElement } = require("react");
const { renderToStaticMarkup } = require("react-dom/server");

const TEXTS = ["Words of the government.", "words of the government", "words-of-the-government"];
const NEITHER_WORDS_NOR_ID = "?!";

const { schema, uischema, data = {}, updates = [] } = JSON.parse(readFileSync(0, "utf8"));
const last = process.argv[2] === "last";

const ajv = new Ajv2020({ strict: true, strictTypes: true, allErrors: true, verbose: true, addUsedSchema: false });
let state = coreReducer(undefined, Actions.init(data, schema, uischema, { ajv }));
const update = (path, value) => {
  state = coreReducer(state, Actions.update(path, () => value));
};

function* shown(element) {
  if (!isVisible(element, state.data, "", ajv)) return;
  if (element.type === "Control") yield element.scope;
  for (const below of element.elements ?? []) yield* shown(below);
}
const visible = () => new Set(shown(uischema));
const schemaAt = (scope) => resolveSchema(schema, scope, schema);
const valueAt = (path) => path.split(".").reduce((found, name) => found?.[name], state.data);
const errorsAt = (scope) => {
  const place = `/${toDataPath(scope).replaceAll(".", "/")}`;
  return state.errors.filter(({ instancePath }) => `${instancePath}/`.startsWith(`${place}/`));
};

function options(found) {
  const ids = found.oneOf?.map((option) => option.const) ?? [];
  return last ? ids.reverse() : ids;
}

function good(found) {
  if (found.oneOf) return options(found).slice(0, 1);
  if (found.type === "integer") return [last ? found.maximum : found.minimum];
  if (found.type === "array") {
    const items = found.items.$ref ? resolveSchema(schema, found.items.$ref, schema) : found.items;
    const picked = items.oneOf ? options(items).slice(0, 2) : [TEXTS[2]];
    return [picked, picked.slice(0, 1)];
  }
  return TEXTS;
}

function bad(found) {
  if (found.type === "integer") return found.minimum - 1;
  return found.type === "array" ? [NEITHER_WORDS_NOR_ID] : NEITHER_WORDS_NOR_ID;
}

const steps = updates.map(([path, value]) => {
  update(path, value ?? undefined);
  return { visible: [...visible()], errors: state.errors.map((error) => error.instancePath) };
});

const [filled, appeared, vanished, problems] = [[], [], [], []];
function fill(scope) {
  const [path, found, before] = [toDataPath(scope), schemaAt(scope), visible()];
  update(path, bad(found));
  if (!errorsAt(scope).length) problems.push(`no error for a bad ${scope}`);
  for (const value of good(found)) {
    update(path, value);
    if (!errorsAt(scope).length) break;
  }
  if (errorsAt(scope).length) problems.push(`an error for a good ${scope}: ${errorsAt(scope)[0].message}`);
  const after = visible();
  appeared.push(...[...after].filter((other) => !before.has(other)));
  vanished.push(...[...before].filter((other) => !after.has(other)));
  filled.push(scope);
}
const next = () => [...visible()].find((scope) => valueAt(toDataPath(scope)) === undefined);
for (let scope = next(); scope !== undefined; scope = next()) fill(scope);

const page = renderToStaticMarkup(
  createElement(JsonForms, { schema, uischema, data: state.data, renderers: vanillaRenderers, cells: vanillaCells, ajv }),
);
const undrawn = page.split("No applicable").length - 1;
if (undrawn) problems.push(`${undrawn} controls find no renderer`);
for (const scope of visible()) {
  if (!page.includes(renderToStaticMarkup(schemaAt(scope).title))) problems.push(`${scope} is not drawn`);
}

const errors = state.errors.map((error) => `${error.instancePath} ${error.message}`);
console.log(JSON.stringify({ data: state.data, steps, filled, appeared, vanished, problems, errors }));
