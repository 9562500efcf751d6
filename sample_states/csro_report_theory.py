"""The part of a report on the theory that ions come from, where there is one: Monte Carlo, diffuse intensity, and the order of the
configuration that a specimen was made of. tables() and interactions() run where the data are; theory() needs no ParaView."""

import csro_svg
from csro_markup import element, fixed, number
from csro_page import figure, paragraph, table

TABLES = (  # name in report.json, filter, output
    ("temperatures", "LatticeMonteCarlo", 1),
    ("warren_cowley", "LatticeMonteCarlo", 2),
    ("maxima", "DiffuseIntensity", 3),
    ("true_order", "SimulateConfiguration", 1))


def tables(proxies, table_of):
    """Those of the filters among the proxies, by name; of several the longest. table_of(proxy, port) is a table."""
    found = {}
    for name, kind, port in TABLES:
        for proxy in proxies:
            if proxy.SMProxy.GetXMLName() == kind:
                columns = table_of(proxy, port)
                if columns and all(columns.values()) and rows(columns) > rows(found.get(name)):
                    found[name] = columns
    return found


def interactions(proxies, texts_of):
    """What Lattice Monte Carlo ran with, as interaction files, each once. texts_of(proxy, name) is a field array of texts."""
    return list(dict.fromkeys(text for proxy in proxies if proxy.SMProxy.GetXMLName() == "LatticeMonteCarlo"
                              for text in texts_of(proxy, "CSRO_Interactions")))


def rows(columns):
    return len(next(iter(columns.values()))) if columns else 0


def theory(record):
    found = record.get("theory")
    if not found:
        return None
    return [element("h3", "The theory behind the ions"), against_temperature(found.get("temperatures")),
            maxima(found.get("maxima")), true_order(found.get("true_order")), files(record.get("interactions"))]


def against_temperature(columns):
    if not columns:
        return None
    kelvin = columns["Temperature_K"]
    orders = [name for name in columns if name.startswith("Order_") and max(value or 0 for value in columns[name]) > 0.2]
    curves = [(name, csro_svg.PALETTE[k % len(csro_svg.PALETTE)],
               sorted(row for row in zip(kelvin, columns[key], columns[f"StandardError_{key}"]) if None not in row))
              for k, (key, name) in enumerate([("HeatCapacity_k", "heat capacity (k per atom)")] +
                                              [(name, "order {} of {}".format(*name[6:].rsplit("_", 1))) for name in orders])]
    chart = figure(csro_svg.with_errors("Monte Carlo against temperature", "temperature (K)", "heat capacity, order", curves),
                   "Lattice Monte Carlo: heat capacity and long-range order; bands: 1 standard error.") \
        if any(len(rows) > 1 for _, _, rows in curves) else None
    rows = [(number(values[0]), fixed(values[1], 4), fixed(values[2], 4), fixed(values[3], 3), fixed(values[4], 3), number(values[5]))
            for values in zip(*(columns[name] for name in (
                "Temperature_K", "Energy_eV", "StandardError_Energy_eV", "HeatCapacity_k", "StandardError_HeatCapacity_k",
                "AutocorrelationTime_sweeps")))]
    return [chart, table("Lattice Monte Carlo (\u00b1: 1 standard error, by blocking)", (
        "#temperature (K)", "#energy (eV per atom)", "#\u00b1", "#heat capacity (k per atom)", "#\u00b1",
        "#autocorrelation (sweeps)"), rows)]


def files(texts):
    return [[paragraph("Interactions of Lattice Monte Carlo, as the file that has them:"), element("pre", text)] for text in texts or ()]


def maxima(columns):
    if not columns:
        return None
    rows = [(pair, " ".join(fixed(part, 3) for part in q), number(height), number(error), point, structures)
            for pair, *q, height, error, point, structures in zip(*(columns[name] for name in (
                "Pair", "q_x", "q_y", "q_z", "Intensity", "StandardError", "SpecialPoint", "Structures")))]
    return table("Maxima of the diffuse intensity (\u2212\u03b1 of like, \u03b1 of unlike pairs; \u00b1: 1 standard error)", (
        "pair", "q (2\u03c0 / a)", "#intensity", "#\u00b1", "special point", "structures"), rows)


def true_order(columns):
    if not columns:
        return None
    rows = [(pair, fixed(distance, 4), fixed(alpha, 4))
            for pair, distance, alpha in zip(columns["Pair"], columns["Distance_nm"], columns["Alpha"])]
    return [table("Order parameters of the configuration that the specimen was made of", (
        "pair", "#distance (nm)", "#alpha"), rows),
        paragraph("Section 4 has what is found of it in the ions, where that was measured: position noise mixes the shells.", class_="note")]
