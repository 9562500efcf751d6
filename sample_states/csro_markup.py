"""Elements of HTML and SVG, and numbers as text. Whatever comes from files is escaped here, once. Used by csro_svg.py
and csro_report.py; needs no ParaView."""

import math
import re
from xml.etree import ElementTree

NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NOTHING = "\u2013"  # in place of an undefined number
MINUS = "\u2212"
SUPERSCRIPTS = str.maketrans("0123456789-", "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207b")


def clean(text):
    """A text without what XML cannot hold: control characters, halves of characters."""
    return NOT_IN_XML.sub("\ufffd", str(text))


def element(tag, /, *content, **attributes):
    """An element with texts, elements and lists of these; class_ is the attribute class, stroke_width stroke-width."""
    made = ElementTree.Element(tag, {
        "class" if key == "class_" else key.replace("_", "-"): clean(value)
        for key, value in attributes.items() if value is not None})
    fill(made, content)
    return made


def fill(parent, content):
    for item in content:
        if item is None:
            continue
        if isinstance(item, (list, tuple)):
            fill(parent, item)
        elif isinstance(item, ElementTree.Element):
            parent.append(item)
        elif len(parent):
            parent[-1].tail = (parent[-1].tail or "") + clean(item)
        else:
            parent.text = (parent.text or "") + clean(item)


def text_of(root):
    """The document. Elements without content are written as <a />, as HTML has it for all that are used empty here."""
    return "<!DOCTYPE html>\n" + ElementTree.tostring(root, encoding="unicode") + "\n"


def number(value, digits=3):
    """A number with so many significant digits; whole ones in full, with thin spaces between thousands."""
    if value is None or isinstance(value, float) and not math.isfinite(value):
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}".replace(",", "\u2009").replace("-", MINUS)
    if value == 0:
        return "0"
    if 1e-3 <= abs(value) < 10 ** max(digits, 5):
        decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
        return f"{value:.{decimals}f}".replace("-", MINUS)
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    return f"{mantissa.replace('-', MINUS)}\u00d710{str(int(exponent)).translate(SUPERSCRIPTS)}"


def fixed(value, decimals):
    """With so many decimals."""
    if value is None or not math.isfinite(value):
        return NOTHING
    return f"{value:,.{decimals}f}".replace(",", "\u2009").replace("-", MINUS)


def plain(value):
    """As short as it is exact, as 0.5 or 10."""
    return f"{value:.6g}".replace("-", MINUS)


def interval(low, high):
    """As in "1.23 to 3.45", to a hundredth of its width at least."""
    if low is None and high is None:
        return NOTHING
    if high is None:
        return f"above {number(low)}"
    if low is None:
        return f"below {number(high)}"
    return f"{measured(low, low, high)} to {measured(high, low, high)}"


def measured(value, low, high):
    """A value as its interval allows: two digits of the width."""
    if None in (value, low, high) or not (math.isfinite(high - low) and high > low) or max(abs(low), abs(high)) >= 1e5:
        return number(value)
    return fixed(value, min(6, max(0, 1 - math.floor(math.log10(high - low)))))


def p_text(p):
    if p is None:
        return NOTHING
    return "below 0.0001" if p < 1e-4 else f"{p:.2g}" if p < 0.1 else f"{p:.2f}"
