// Settings of htmx, which it reads once from this element: our stylesheet shows indicators, and no page of an error takes the place of what was written.
const settings = document.createElement("meta");
settings.name = "htmx-config";
settings.content = JSON.stringify({ includeIndicatorCSS: false, noSwap: [204, 304, "5xx"] });
document.head.append(settings);
