// What is not saved yet, kept in this tab for a reload or a crash: under the page's path, for the person who wrote it.

const NAME = "mgi-unsaved:";
let signingOut = false;

function person() {
  const link = document.querySelector('.mgi-header a[href="/account"]');
  return link ? link.textContent.trim() : "";
}

// A browser may have no room, or may not allow it: then there is only less to bring back.
function tried(act) {
  try {
    return act();
  } catch {
    return null;
  }
}

function read(path) {
  return tried(() => JSON.parse(sessionStorage.getItem(NAME + path)));
}

function write(path, record) {
  tried(() => sessionStorage.setItem(NAME + path, JSON.stringify(record)));
}

export function keep(what) {
  if (!signingOut) write(location.pathname, { ...what, person: person() });
}

export function kept() {
  const record = read(location.pathname);
  return record && record.person === person() ? record : null;
}

export function drop(path = location.pathname) {
  tried(() => sessionStorage.removeItem(NAME + path));
}

function paths() {
  const names = tried(() => Object.keys(sessionStorage)) || [];
  return names.filter((name) => name.startsWith(NAME)).map((name) => name.slice(NAME.length));
}

// A form was sent: if the next page came by a redirect, it was carried out, and what was kept of it is saved.
function markSent(path) {
  const record = read(path);
  if (record) write(path, { ...record, sent: true });
}

function dropWhatWasCarriedOut() {
  const [arrival] = performance.getEntriesByType("navigation");
  const carriedOut = arrival && arrival.redirectCount > 0 && !location.pathname.startsWith("/sign-in");
  for (const path of paths()) {
    const { sent, ...record } = read(path) || {};
    if (sent && carriedOut) drop(path);
    else if (sent) write(path, record);
  }
}

dropWhatWasCarriedOut();

// Who takes the other text gives up the own one.
document.addEventListener("click", (event) => event.target.closest("#conflict a[href]") && drop());

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  const { pathname } = new URL(event.target.getAttribute("action") || "", location.href);
  signingOut = pathname === "/sign-out";
  if (signingOut) paths().forEach((path) => drop(path));
  else markSent(pathname);
});

// Who writes on has thought better of it.
document.addEventListener("input", () => {
  signingOut = false;
});
