"""Pieces of the page that csro_report.py writes: the document, paragraphs, tables, figures. Needs no ParaView."""

from csro_markup import NOTHING, element, number, text_of

STYLE = """
body { font: 15px/1.45 Helvetica, Arial, sans-serif; color: #222; background: #fff; max-width: 62em; margin: 2em auto;
  padding: 0 1em; }
h1 { font-size: 1.6em; margin-bottom: 0.2em; } h2 { font-size: 1.25em; border-bottom: 1px solid #bbb; margin-top: 2em; }
h3 { font-size: 1.05em; margin-bottom: 0.3em; }
table { border-collapse: collapse; font-size: 0.87em; margin: 0.6em 0; }
caption { text-align: left; font-weight: bold; padding: 0.3em 0; }
th, td { text-align: left; vertical-align: top; padding: 0.2em 0.9em 0.2em 0; border-bottom: 1px solid #ddd; }
th { border-bottom: 1px solid #666; }
td.n, th.n { text-align: right; } td.n { white-space: nowrap; font-variant-numeric: tabular-nums; }
.head { border: 1px solid #999; padding: 0.2em 1.2em 0.8em; background: #f7f7f5; }
.head h2 { border: 0; margin: 0.6em 0 0.1em; font-size: 1.05em; }
.head p { margin: 0.2em 0; } .mark { font-weight: bold; padding: 0 0.4em; border: 1px solid; white-space: nowrap; }
.ok { color: #1a6b3a; } .warning { color: #8a5a00; } .bad { color: #a01818; }
figure { display: inline-block; vertical-align: top; margin: 0.6em 0.6em 0.6em 0; max-width: 100%; }
svg, img { max-width: 100%; height: auto; }
figcaption, .note { font-size: 0.87em; color: #444; } figcaption { max-width: 33em; } .wide figcaption { max-width: none; }
code { font-size: 0.92em; overflow-wrap: anywhere; } td.names { overflow-wrap: anywhere; }
@media print { body { margin: 0; max-width: none; font-size: 11px; } figure, tr, .head { break-inside: avoid; }
h2, h3 { break-after: avoid; } }
"""


def document(title, *content):
    """A whole page as a text, which is also well-formed XML."""
    return text_of(element(
        "html", element(
            "head", element("meta", charset="utf-8"), element("title", title),
            # nothing is loaded from elsewhere, and nothing is run
            element("meta", http_equiv="Content-Security-Policy",
                    content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"),
            element("meta", name="viewport", content="width=device-width"), element("style", STYLE)),
        element("body", *content), xmlns="http://www.w3.org/1999/xhtml", lang="en"))


def paragraph(*content, **attributes):
    return element("p", *content, **attributes)


def table(caption, columns, rows):
    """columns: names; numbers are those whose name begins with #."""
    numeric = [name.startswith("#") for name in columns]
    cells = ["n" if is_number else None for is_number in numeric]
    return element(
        "table", element("caption", caption) if caption else None,
        element("thead", element("tr", [element("th", name[is_number:], class_=cell)
                                        for name, cell, is_number in zip(columns, cells, numeric)])) if any(columns) else None,
        element("tbody", [element("tr", [element("td", NOTHING if value is None or value == "" else value, class_=cell)
                                         for value, cell in zip(row, cells)]) for row in rows]))


def sideways(caption, names, rows):
    """A table with a row for each quantity and a column for each of these names; rows: (quantity, unit, values)."""
    return table(caption, ("quantity", "unit", *(f"#{name}" for name in names)), [(name, unit, *values) for name, unit, values in rows])


def figure(picture, caption, **attributes):
    return element("figure", picture, element("figcaption", caption), **attributes)


def mark(verdict):
    return element("span", verdict, class_=f"mark {verdict if verdict in ('ok', 'warning', 'bad') else ''}".strip())


def plural(count, word, words=None):
    return f"{number(count)} {word if count == 1 else words or word + 's'}"
