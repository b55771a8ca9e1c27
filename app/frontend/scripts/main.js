// What the pages' script is made of.
import "./token.js";
import "./focus.js";
import "./followups.js";
import "./autosave.js";
