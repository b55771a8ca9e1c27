// Says in #save-state whether what was written is kept. Its texts are the page's own, in the reader's language.
import { fill } from "./parts.js";

function paragraph(text) {
  const told = document.createElement("p");
  told.textContent = text;
  return told;
}

function button(text, press) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "mgi-link-button";
  made.textContent = text;
  made.addEventListener("click", press);
  return made;
}

function signInLink(text) {
  const link = document.createElement("a");
  Object.assign(link, { href: "/sign-in?next=/signed-in", target: "_blank", rel: "noopener", className: "govuk-link", textContent: text });
  return link;
}

export class SaveState {
  constructor(place) {
    this.place = place;
    this.texts = place.dataset;
    if (!place.hasAttribute("role")) place.setAttribute("role", "status");
    this.remember();
  }

  // What the server said last, to be said again when what was written since is taken back.
  remember() {
    this.calm = [this.place.dataset.state || "", [...this.place.childNodes].map((node) => node.cloneNode(true))];
  }

  nothingNew() {
    const [state, nodes] = this.calm;
    fill(this.place, state, nodes.map((node) => node.cloneNode(true)));
  }

  // Seen, but not read out: it comes with every pause in writing.
  saving() {
    const told = paragraph(this.texts.textSaving);
    told.setAttribute("aria-hidden", "true");
    fill(this.place, "saving", [told]);
  }

  notSaved(reason, retry) {
    const told = [this.texts.textNotSaved, reason].filter(Boolean).join(" ");
    fill(this.place, "not-saved", [paragraph(told), button(this.texts.textRetry, retry)]);
  }

  offline() {
    fill(this.place, "offline", [paragraph(this.texts.textOffline)]);
  }

  signedOut() {
    fill(this.place, "signed-out", [signInLink(this.texts.textSignedOut)]);
  }

  restored(form) {
    const notice = document.createElement("div");
    notice.className = "mgi-notice";
    notice.setAttribute("role", "status");
    form.before(notice);
    setTimeout(() => notice.append(paragraph(this.texts.textRestored)));
  }
}
