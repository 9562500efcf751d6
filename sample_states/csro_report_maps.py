"""Maps and tables of domains in a report. Used by csro_report_order.py and csro_report_chain.py; needs no ParaView."""

import csro_svg
from csro_markup import fixed, number
from csro_page import figure, table

ROWS = 20  # of a table of domains; report.json has them all


def domain_table(columns, domains, order, which, more=""):
    """Some domains; columns: (title, name, decimals)."""
    shown = [(title, name, decimals) for title, name, decimals in columns if name in domains]
    rows = [[cell(domains[name][k], decimals) for _, name, decimals in shown] for k in order[:ROWS]]
    count = len(domains["Size"])
    caption = "Domains" if count <= ROWS else f"The {ROWS} {which} of {number(count)} domains (all are in the JSON file)"
    return table(caption + more, [title for title, _, _ in shown], rows)


def cell(value, decimals):
    return value if isinstance(value, str) else fixed(value, decimals) if decimals else number(value)


def maps(record, title, domains, diameters_nm):
    """Seen from the side and from above."""
    bounds = record["bounds_nm"]
    if not bounds:
        return None
    limits = [(bounds[2 * axis], bounds[2 * axis + 1]) for axis in range(3)]
    if any(not high > low for low, high in limits):
        return None
    tall = [low - 0.02 * (high - low) for low, high in limits], [high + 0.02 * (high - low) for low, high in limits]
    limits = list(zip(*tall))
    shown = []
    for k in sorted(range(len(diameters_nm)), key=lambda k: -(diameters_nm[k] or 0)):
        centre = [domains[f"Center{axis}_nm"][k] for axis in "XYZ"]
        text = f"domain {domains['Domain'][k]}, {domains['Size'][k]} ions"
        shown.append((centre, (diameters_nm[k] or 0) / 2, csro_svg.PALETTE[domains["Domain"][k] % len(csro_svg.PALETTE)], text))
    return [figure(csro_svg.side_map(f"{title}, from the side", (0, 2), limits, shown, ("x (nm)", "z (nm)")),
                   f"{title} seen along y: a circle is a sphere of the domain's diameter at its centre; the frame is that of the "
                   "data. Colours only tell neighbours apart."),
            figure(csro_svg.side_map(f"{title}, from above", (0, 1), limits, shown, ("x (nm)", "y (nm)")),
                   "The same seen along z.")]
