// Saves an answer while it is written. The form stays a plain form: its buttons send it as ever, and without this script
// nothing is missing but the saving in between.
import { contents, putBack, same, savedAtOnce, sentContents, waiting } from "./contents.js";
import { drop, keep, kept } from "./keeping.js";
import { putIn } from "./parts.js";
import { ready } from "./ready.js";
import { SaveState } from "./save_state.js";

const AFTER_TYPING = 1200;
const PATIENCE = 30_000;
const BEFORE_SENDING = 4000;
const PAUSES = [2000, 4000, 8000, 16_000, 30_000];
const AT_ONCE = "select, [type=radio], [type=checkbox]";

const wait = (span) => new Promise((resolve) => setTimeout(resolve, span));

class Autosave {
  constructor(form) {
    this.form = form;
    this.status = document.getElementById("save-state");
    this.state = new SaveState(this.status);
    this.base = this.baseField.value;
    this.saved = savedAtOnce(sentContents(form)); // what the server is known to have
    this.drawn = waiting(sentContents(form)); // new sources as the server drew them, which is without any
    this.awaited = null; // what was sent, and of which it is not known yet whether it is saved
    this.sending = null; // the promise of the request under way
    this.resting = false; // two texts are in conflict, and it is not decided between them
    this.leaving = false;
    this.failures = 0;
    form.autocomplete = "off"; // browsers would put back fields, and an old version, when one comes back to the page
  }

  get baseField() {
    return document.getElementById("answer-base");
  }

  get text() {
    return savedAtOnce(contents(this.form));
  }

  get isToBeSaved() {
    return this.awaited !== null || !same(this.text, this.saved);
  }

  get isUnsaved() {
    return this.isToBeSaved || !same(waiting(contents(this.form)), this.drawn);
  }

  start() {
    if (document.querySelector("[data-problem]")) this.takeRefused();
    else this.bringBack();
    if (!this.isToBeSaved || this.resting || this.failures) return;
    this.state.saving();
    this.soon();
  }

  // The page tells what is wrong with what was sent by a button: nothing of it is saved yet.
  takeRefused() {
    const record = kept();
    if (record) this.base = record.base;
    this.saved = this.drawn = null;
    this.resting = this.status.dataset.state === "conflict";
    this.failures = 1; // goes on at the next keystroke
    this.keep();
  }

  bringBack() {
    const record = kept();
    if (!record) return;
    putBack(this.form, record.contents);
    if (!this.isUnsaved) {
      drop();
      return;
    }
    this.base = this.baseField.value = record.base;
    this.awaited = record.awaited;
    this.state.restored(this.form);
    this.form.dispatchEvent(new Event("change"));
  }

  keep() {
    if (this.isUnsaved) keep({ base: this.base, contents: contents(this.form), awaited: this.awaited });
    else drop();
  }

  changed(atOnce) {
    this.leaving = false;
    this.keep();
    if (this.resting) return;
    if (this.isToBeSaved && this.failures === 0) this.state.saving();
    if (atOnce) this.send();
    else this.soon();
  }

  soon(span = AFTER_TYPING) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), span);
  }

  send() {
    clearTimeout(this.timer);
    this.timer = null;
    if (this.sending || this.resting || this.leaving) return;
    if (!this.isToBeSaved) this.state.nothingNew();
    else if (!navigator.onLine) this.noAnswer();
    // What may have been saved already is sent again as it was: only then is a lost answer not taken for someone else's.
    else this.post(this.awaited || this.text);
  }

  post(text) {
    this.awaited = text;
    this.keep();
    if (this.failures === 0) this.state.saving();
    this.sending = this.exchange(text).finally(() => {
      this.sending = null;
      if (!this.timer && !same(text, this.text)) this.send();
    });
    return this.sending;
  }

  async exchange(text) {
    let response, page;
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE);
    try {
      response = await fetch(this.form.getAttribute("action") || location.href, {
        method: "POST",
        headers: { "MGI-Part": "autosave" },
        body: new URLSearchParams([...text, ["base", this.base]]),
        signal: patience.signal,
      });
      page = new DOMParser().parseFromString(await response.text(), "text/html");
    } catch {
      this.noAnswer();
      return;
    } finally {
      clearTimeout(timer);
    }
    this.answered(response, page, text);
  }

  answered(response, page, text) {
    const told = page.getElementById("save-state");
    const lost = response.status === 401 || (response.redirected && new URL(response.url).pathname.startsWith("/sign-in"));
    if (response.status >= 500) return this.failed(page, true);
    this.awaited = null;
    if (response.ok && told && !lost) this.tookText(page, text);
    else if (this.leaving) this.keep();
    else if (lost) this.signedOut();
    else if (response.status === 412 && told) this.inConflict(page, text);
    else if (told) this.refused(page);
    else this.failed(page, response.status === 429);
  }

  tookText(page, text) {
    this.saved = text;
    this.failures = 0;
    putIn(page, this.status);
    this.base = this.baseField.value;
    this.state.remember();
    this.keep();
    if (this.isToBeSaved) this.state.saving();
  }

  inConflict(page, text) {
    if (!same(text, this.text)) return; // the newest text is to stand beside the other one
    this.resting = true;
    putIn(page, this.status);
    this.keep();
  }

  refused(page) {
    this.failures = 1;
    putIn(page, this.status);
    this.keep();
  }

  signedOut() {
    this.failures = 1;
    this.keep();
    this.state.signedOut();
  }

  failed(page, again) {
    const reason = page.querySelector("main .govuk-body-l, h1");
    this.state.notSaved(reason && reason.textContent.trim(), () => this.again());
    this.later(again);
  }

  noAnswer() {
    this.state.offline();
    this.later(true);
  }

  later(again) {
    this.keep();
    const pause = PAUSES[Math.min(this.failures, PAUSES.length - 1)];
    this.failures += 1;
    if (again) this.soon(pause);
  }

  again() {
    if (this.failures > 0 && this.isToBeSaved) this.send();
  }

  leave() {
    this.leaving = true;
    clearTimeout(this.timer);
  }

  // A button was pressed while the answer to an earlier text is out or was lost: only that answer tells the version on which
  // this text stands, so the form waits for it a moment.
  async submitted(event) {
    if (this.waiting) {
      event.preventDefault();
      return;
    }
    const settled = this.awaited === null || same(this.awaited, this.text) || this.leaving;
    this.leave();
    if (settled) return;
    event.preventDefault();
    this.waiting = true;
    await Promise.race([this.sending || this.post(this.awaited), wait(BEFORE_SENDING)]);
    this.waiting = false;
    this.leaving = true;
    this.form.requestSubmit(event.submitter);
  }
}

ready(() => {
  const form = document.querySelector("form#answer-form[data-autosave]");
  if (!form) return;
  const autosave = new Autosave(form);
  const isIn = (event) => event.target.form === form;
  document.addEventListener("input", (event) => isIn(event) && autosave.changed(false));
  document.addEventListener("change", (event) => isIn(event) && event.target.matches(AT_ONCE) && autosave.changed(true));
  document.addEventListener("visibilitychange", () => document.hidden && autosave.timer && autosave.send());
  document.addEventListener("click", (event) => event.target.closest("#conflict a[href]") && autosave.leave());
  form.addEventListener("submit", (event) => autosave.submitted(event));
  addEventListener("online", () => autosave.again());
  addEventListener("focus", () => autosave.again());
  addEventListener("offline", () => autosave.isToBeSaved && !autosave.resting && autosave.noAnswer());
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  addEventListener("beforeunload", (event) => {
    if (autosave.isUnsaved && !autosave.leaving) event.preventDefault();
  });
  autosave.start();
});
