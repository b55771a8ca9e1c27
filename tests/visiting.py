"""A visitor of the pages without a script: reads, fills in forms, presses buttons. Every page it gets is parsed and checked."""

import re
from collections import Counter
from typing import Any
from urllib.parse import urljoin

import html5lib
import httpx
from lxml import etree

from tests.ranking import ranking_phrases
from tests.world import World

DENIED = re.compile(r"\bno (score|ranking)\b|do not rank countries", re.IGNORECASE)
"""How a page may say what this is not."""
FIELDS = "descendant-or-self::*[self::input or self::select or self::textarea]"


class Page:
    """A page as it came, with what can be read in it and done on it."""

    def __init__(self, response: httpx.Response) -> None:
        self.status = response.status_code
        self.address = str(response.url)
        self.path = response.url.path
        self.headers = response.headers
        parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("lxml"), strict=True, namespaceHTMLElements=False)
        self.tree = parser.parse(response.text)
        self.check()

    def find(self, xpath: str, **names: Any) -> Any:
        """What an XPath finds."""
        return self.tree.xpath(xpath, **names)

    @property
    def text(self) -> str:
        """What is read in the body, spaces folded."""
        return " ".join(" ".join(self.find("//body//text()[not(ancestor::script)]")).split())

    @property
    def heading(self) -> str:
        """The one heading of the first level."""
        return " ".join("".join(self.find("//h1")[0].itertext()).split())

    @property
    def errors(self) -> list[str]:
        """What the error summary says, with the detail in front of the fields."""
        found = self.find("//*[contains(@class, 'govuk-error-summary__body')]//*[self::p or self::a]")
        return [" ".join("".join(one.itertext()).split()) for one in found]

    def links(self) -> dict[str, str]:
        """The addresses of links by their text."""
        return {" ".join("".join(one.itertext()).split()): one.get("href") for one in self.find("//a[@href]")}

    def buttons(self) -> list[str]:
        """What the buttons say."""
        return [_words(button) for button in self.find("//button")]

    def form(self, button: str, nth: int = 0) -> tuple[Any, Any]:
        """The form that a button sends, by what the button says, and the button."""
        found = [one for one in self.find("//button") if _words(one) == button]
        assert found, f"no button {button!r}; there are {self.buttons()}"
        chosen = found[nth]
        named = chosen.get("form")
        form = self.find("//form[@id=$id]", id=named)[0] if named else chosen.xpath("ancestor::form")[0]
        return form, chosen

    def filled(self, form: Any, button: Any) -> dict[str, list[str]]:
        """What the form would send as it stands."""
        own = form.xpath(FIELDS) + (self.find("//*[@form=$id]", id=form.get("id")) if form.get("id") else [])
        sent: dict[str, list[str]] = {}
        for one in own:
            name = one.get("name")
            if name and one.tag in ("input", "select", "textarea") and "disabled" not in one.attrib:
                sent.setdefault(name, []).extend(_values(one))
        if button.get("name"):
            sent[button.get("name")] = [button.get("value", "")]
        return {name: values for name, values in sent.items() if values}

    def check(self) -> None:
        """What holds for every page."""
        ids = Counter(self.find("//@id"))
        assert [one for one, count in ids.items() if count > 1] == []
        for attribute in ("for", "aria-describedby", "aria-labelledby", "form", "aria-controls"):
            named = {part for value in self.find(f"//@{attribute}") for part in value.split()}
            assert named <= set(ids), (attribute, named - set(ids))
        anchors = {href[1:] for href in self.find("//a/@href") if href.startswith("#")}
        assert anchors <= set(ids), anchors - set(ids)
        assert len(self.find("//h1")) == 1
        assert self.find("//html/@lang")
        assert self.find("string(//title)").strip()
        assert self.find("//@style | //style | //script[not(@src)] | //@*[starts-with(name(), 'on')]") == []
        unlabelled = [
            etree.tostring(one)
            for one in self.find("//body//*[self::input[not(@type='hidden')] or self::select or self::textarea]")
            if not one.get("aria-label") and "hidden" not in one.attrib
            and not self.find("//label[@for=$id]", id=one.get("id", "")) and not one.xpath("ancestor::label")
            and not one.get("aria-labelledby")
        ]  # fmt: skip
        assert unlabelled == []
        assert ranking_phrases(DENIED.sub("", self.text)) == []


def _words(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _values(one: Any) -> list[str]:
    if one.tag == "textarea":
        return [one.text or ""]
    if one.tag == "select":
        options = one.xpath(".//option")
        chosen = [option for option in options if "selected" in option.attrib] or options[:1]
        return [option.get("value", option.text or "") for option in chosen]
    if one.get("type") in ("checkbox", "radio") and "checked" not in one.attrib:
        return []
    return (
        []
        if one.get("type") in ("submit", "file")
        else [one.get("value", "on" if one.get("type") == "checkbox" else "")]
    )


class Visitor:
    """Someone who reads pages in a browser without a script. `page` is the one they look at."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.page: Page

    def get(self, path: str) -> Page:
        """Open an address."""
        self.page = Page(self.client.get(path))
        return self.page

    def follow(self, text: str) -> Page:
        """Follow a link of the page by its text."""
        links = self.page.links()
        assert text in links, f"no link {text!r}; there are {sorted(links)}"
        return self.get(urljoin(self.page.address, links[text]))

    def press(self, button: str, nth: int = 0, file: tuple[str, bytes] | None = None, **fields: Any) -> Page:
        """Fill in the form of a button, and send it. `fields`: texts, or lists for boxes; None takes a field out.

        `__` in a name stands for a dot, since fields of a question are named `values.groups`.
        """
        form, pressed = self.page.form(button, nth)
        sent = self.page.filled(form, pressed)
        for name, value in fields.items():
            sent[name.replace("__", ".")] = [] if value is None else value if isinstance(value, list) else [str(value)]
        address = urljoin(self.page.address, pressed.get("formaction") or form.get("action") or "")
        if (form.get("method") or "get").lower() == "get":
            self.page = Page(self.client.get(address, params=sent))
        elif file:
            name = form.xpath(".//input[@type='file']/@name")[0]
            self.page = Page(self.client.post(address, data=sent, files={name: file}))
        else:
            self.page = Page(self.client.post(address, data=sent))
        return self.page


def visitor(world: World, name: str = "anonymous", language: str | None = None) -> Visitor:
    """A visitor who is signed in as one of the world's people, or as nobody."""
    headers = {"Sec-Fetch-Site": "same-origin", **({"Accept-Language": language} if language else {})}
    client = httpx.Client(base_url=world.address, headers=headers, timeout=60, follow_redirects=True)
    if name != "anonymous":
        client.cookies.set("mgi", world.sign_in(name), domain="127.0.0.1")
    world.clients[f"visitor {len(world.clients)}"] = client
    return Visitor(client)
