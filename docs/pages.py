"""A preprocessor of mdBook: includes pages that lie elsewhere, and turns every link to what it means in the book.

A link is written as it leads in the repository. In the book it leads to the page that the file is or is included by, to a
picture or another file below this folder, or else to the file in the repository, where book.toml or the environment says
where that is; where nobody does, the path stands in its place.
"""

import json
import posixpath
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = Path(__file__).resolve().parent.name
INCLUDE = re.compile(r"^\{\{#include ([^}:]+)\}\}$", re.MULTILINE)
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)")
# Code, in which nothing is a link.
CODE = re.compile(r"(^ *```.*?^ *```|`[^`\n]*`)", re.MULTILINE | re.DOTALL)


def chapters(items):
    for item in items:
        if chapter := isinstance(item, dict) and item.get("Chapter"):
            yield chapter
            yield from chapters(chapter["sub_items"])


def origin(chapter):
    """The file that a page is, from the root of the repository: what it includes, where it is nothing else."""
    file = posixpath.join(SOURCE, chapter["path"])
    included = INCLUDE.fullmatch(chapter["content"].strip())
    return resolved(file, included[1]) if included else file


def resolved(file, link):
    return posixpath.normpath(posixpath.join(posixpath.dirname(file), link))


def linked(text, file, path, pages, repository):
    """The text of a file as the page at a path, with its links."""

    def link(match):
        mark, words, target = match.groups()
        words = turned(words)
        if "://" in target or target.startswith(("#", "mailto:")):
            return f"{mark}[{words}]({target})"
        name, anchor = (target.split("#", 1) + [""])[:2]
        to = resolved(file, name)
        if to in pages:
            leads = posixpath.relpath(pages[to], posixpath.dirname(path) or ".")
        elif to.startswith(SOURCE + "/"):
            leads = posixpath.relpath(to, posixpath.join(SOURCE, posixpath.dirname(path)))
        elif repository:
            leads = f"{repository.rstrip('/')}/blob/main/{to}"
        else:
            return f"`{to}`" if words.strip("`") in (to, posixpath.basename(to)) else f"{words} (`{to}`)"
        return f"{mark}[{words}]({leads}{'#' if anchor else ''}{anchor})"

    def turned(words):
        return LINK.sub(link, words)

    # The words of a link may be code, so a piece between two of code may begin or end amid one: those are put back later.
    kept = []

    def keep(match):
        kept.append(match[0])
        return f"\0{len(kept) - 1}\0"

    return re.sub("\0(\\d+)\0", lambda match: kept[int(match[1])], turned(CODE.sub(keep, text)))


def main():
    if sys.argv[1:2] == ["supports"]:
        return
    context, book = json.load(sys.stdin)
    html = context["config"].get("output", {}).get("html", {})
    repository = html.get("git-repository-url", "")
    # mdBook 0.4 has another name for them.
    every = [chapter for chapter in chapters(book.get("items") or book["sections"]) if chapter.get("path")]
    pages = {origin(chapter): chapter["path"] for chapter in every}
    # The list of pages stands beside each of them.
    pages[f"{SOURCE}/SUMMARY.md"] = every[0]["path"]
    for chapter in every:
        file = origin(chapter)
        text = (ROOT / file).read_text(encoding="utf-8")
        chapter["content"] = linked(text, file, chapter["path"], pages, repository)
    json.dump(book, sys.stdout)


main()
