"""The chapter of a report on the statistics of the whole of the ions, and on what is in domains and around them. Used by
csro_report.py; needs no ParaView."""

import csro_svg
from csro_markup import element, fixed, interval, number, p_text
from csro_page import figure, paragraph, table
from csro_report_data import colour_of

ALPHA = {  # by table: column of the abscissa, its width to the right, axis
    "order_parameters_shells": ("From_nm", "To_nm", "distance (nm)"),
    "order_parameters_nearest": ("NearestNeighbours", None, "nearest neighbours"),
    "order_parameters_planes": ("Planes", None, "planes between"),
}


def measured_statistics(record):
    said = record["results"].get("statistics", {})
    tables = record["statistics"]
    if not said and not tables:
        return [element("h2", "4. Statistics"), paragraph("Not measured (--statistics of the batch script).")]
    made = [element("h2", "4. Statistics"), element("ul", [
        element("li", found.get("sentence") or found.get("error")) for found in said.values()]) if said else None]
    if any(name in tables for name in ALPHA):
        made.append(element("h3", "Order parameters of like pairs"))
        made += [alpha_chart(record, name, tables[name]) for name in ALPHA if name in tables]
        made.append(paragraph("alpha = 1 \u2212 p / c, p being the share of the species among the neighbours and c its share of the ions: below "
                              "0 where like atoms seek each other. Bars: 95 % intervals; grey lines: means of the copies. In the "
                              "sentences |z| is the distance from the mean of all members, data and copies.", class_="note"))
    for name, columns in tables.items():
        key = name.split("_", 1)[-1]
        if name == "spectrum_fit":
            made.append(corrected(columns))
        elif name.startswith("composition_") and not name.startswith("composition_domains_"):
            made.append(inside_and_outside(key, columns))
        elif name.startswith("profile_"):
            made.append(fractions(record, f"Composition along z, and {key} domains", columns, "Position_nm", "position (nm)"))
        elif name.startswith("proximity_"):
            made.append(fractions(record, f"Composition around {key} domains", columns, "Distance_nm",
                                  "distance from the surface (nm), inside below 0"))
    return made


def alpha_chart(record, name, columns):
    """Values with their intervals, and the means of the copies."""
    left, right, axis = ALPHA[name]
    pairs = [pair for pair in dict.fromkeys(columns["Pair"]) if len(set(pair.split("-"))) == 1]
    rows = {pair: [k for k, each in enumerate(columns["Pair"]) if each == pair and columns["Alpha"][k] is not None and
                   None not in (columns["Low"][k], columns["High"][k])] for pair in pairs}
    named = [(pair, colour_of(record, pair.split("-")[0], k)) for k, pair in enumerate(pairs) if rows[pair]]
    if not named:
        return None
    if len({colour for _, colour in named}) < len(named):
        named = [(pair, csro_svg.PALETTE[k % len(csro_svg.PALETTE)]) for k, (pair, _) in enumerate(named)]
    xs = [(columns[left][k] + columns[right][k]) / 2 if right else columns[left][k] for k in range(len(columns["Pair"]))]
    return figure(csro_svg.intervals(f"Order parameters against {axis}", axis, "alpha", [
        (pair, colour, [(xs[k], columns["Alpha"][k], columns["Low"][k], columns["High"][k], columns["CopiesMean"][k])
                        for k in rows[pair]]) for pair, colour in named]), f"Order parameters against {axis}.")


def corrected(columns):
    rows = [(name, number(int(count)), fixed(100 * raw, 2), fixed(100 * part, 2), interval(100 * low, 100 * high))
            for name, count, raw, part, low, high in zip(*(columns[key] for key in (
                "Name", "Count", "RawFraction", "Fraction", "Low", "High"))) if None not in (raw, part, low, high)]
    return table("Composition corrected for background and overlaps of isotopes (Spectrum Fit)", (
        "element", "#atoms counted", "#% as counted", "#% corrected", "#95 %"), rows)


def inside_and_outside(key, columns):
    if "Fraction_Domains" not in columns:
        return None
    names = ("Name", "Count_Domains", "Fraction_Domains", "StandardError_Domains", "Fraction_Matrix", "StandardError_Matrix",
             "Difference", "P_Copies" if "P_Copies" in columns else "P_Fisher")
    rows = []
    for name, count, *parts, p in zip(*(columns[each] for each in names)):
        inside, error, outside, outer, difference = (None if each is None else 100 * each for each in parts)
        rows.append((name, number(int(count)), fixed(inside, 2), fixed(error, 2), fixed(outside, 2), fixed(outer, 2),
                     fixed(difference, 2), p_text(p)))
    null = "against domains of randomised copies" if "P_Copies" in columns else "Fisher's exact test"
    return table(f"Composition of {key} domains and of the matrix, % (\u00b1: 1 standard error; p: {null})", (
        "element", "#ions in domains", "#domains", "#\u00b1", "#matrix", "#\u00b1", "#difference", "#p"), rows)


def fractions(record, title, columns, x, axis):
    """Lines with 1 standard error about them."""
    species = [name[9:] for name in columns if name.startswith("Fraction_")]
    curves = []
    for k, name in enumerate(species):
        rows = [row for row in zip(columns[x], columns[f"Fraction_{name}"], columns[f"StandardError_{name}"]) if None not in row]
        if any(value for _, value, _ in rows):
            curves.append((name, colour_of(record, name, k), rows))
    return figure(csro_svg.with_errors(title, axis, "fraction", curves), f"{title}; bands: 1 standard error of counting.") \
        if any(len(rows) > 1 for _, _, rows in curves) else None
