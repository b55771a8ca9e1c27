// What the pages' script is made of, in this order: the settings must stand before htmx reads them.
import "./settings.js";
import "htmx.org";
import "./token.js";
import "./focus.js";
