"""The chapter of a report on the domains of the published chain, beside those of randomised copies. Used by csro_report.py; needs no
ParaView."""

import math

import csro_svg
from csro_markup import NOTHING, element, interval, number, p_text
from csro_page import figure, paragraph, plural, sideways, table
from csro_report_data import colour_of
from csro_report_maps import domain_table, maps

STATISTICS = {"domains": ("domains", "Number of domains (decides)"), "ordered_ions": ("ions", "Ions in domains"),
              "largest": ("ions", "Largest domain"), "mu": ("mu, no unit", "Mean mu against the other members")}


def chain(record):
    results = record["results"]
    made = [element("h2", "3. Domains by the published chain")]
    if not results["pairs"]:
        return [*made, paragraph("Not run.")]
    made.append(paragraph("z-SDMs of voxels, an ensemble of networks, extraction and DBSCAN; a number of domains is judged by "
                          "that of randomised copies of the same ions.", f" {copies_text(results)}"))
    made += [mean_curves(record), chain_table(results)]
    return made + [chain_part(record, key, entry) for key, entry in results["pairs"].items()]


def copies_text(results):
    copies = max((len(entry["copies"]) for entry in results["pairs"].values()), default=0)
    if not copies:
        return "No copies were made: nothing here is evidence of order."
    if "exchange" not in results:
        return f"Compared with {plural(copies, 'copy that was', 'copies that were')} given; the smallest possible p is {p_text(1 / (copies + 1))}."
    who = {"ranged": "the ranged ions", "all": "all ions"}.get(results.get("exchange"), "ions")
    within = results.get("within", "all")
    where = "the whole data set" if within == "all" else f"neighbourhoods of at least {number(within)} ions"
    return f"In {plural(copies, 'copy', 'copies')} {who} exchanged labels within {where}; the smallest possible p is " \
           f"{p_text(1 / (copies + 1))}."


def chain_table(results):
    found = list(results["pairs"].values())

    def row(name, unit, value):
        return name, unit, [number(value(each)) for each in found]

    def of_null(key):
        return lambda each: (each.get("mu_null") or {}).get(key)

    return [sideways("Results by pair", results["pairs"], (
        row("ions extracted", "ions", lambda each: each["ions_extracted"]), row("domains", "", lambda each: each["domains"]),
        row("largest domain", "ions", lambda each: each["largest"]),
        row("in no domain (noise)", "ions", lambda each: each["noise"]),
        row("density", "per m\u00b3", lambda each: each["number_density_m3"]),
        ("p of the number of domains, after Holm", "", [p_text(each.get("p_holm")) for each in found]),
        row("PCC", "", lambda each: each.get("pcc")), row("chi2", "", lambda each: each.get("chi2")),
        row("size bins used by chi2", "", lambda each: each.get("bins_used")), row("mu", "", lambda each: each.get("mu")),
        row("mean mu of the copies", "", of_null("mean")), row("95 % of them below", "", of_null("p95")))),
        paragraph("PCC, chi2 and mu as published: data against the first copy. Density: domains over the analysed volume, those "
                  "by chance included.", class_="note")]


def mean_curves(record):
    curves = record["curves"]
    if not curves:
        return None
    pairs = list(dict.fromkeys(pair for own in record["curves_of"].values() for pair in own if pair in curves)) or \
        [name for name in curves if name != "dz_nm"]
    named = [(pair, colour_of(record, pair.split("-")[0], k), curves[pair]) for k, pair in enumerate(pairs)
             if any(value for value in curves[pair])]
    if not named:
        return None
    if len({colour for _, colour, _ in named}) < len(named):
        named = [(pair, csro_svg.PALETTE[k % len(csro_svg.PALETTE)], values) for k, (pair, _, values) in enumerate(named)]
    named = [(pair, colour, [value or 0 for value in values]) for pair, colour, values in named]
    spacing = plane_spacing(record["results"])
    dashed = f" Dashed: multiples of the measured plane spacing, {number(spacing, 4)} nm." if spacing else ""
    width = number(curves["dz_nm"][1] - curves["dz_nm"][0], 2)
    return figure(csro_svg.curves("Mean z-SDM", curves["dz_nm"], named, spacing),
                  f"Mean z-SDM of the voxels, bins of {width} nm.{dashed}")


def plane_spacing(results):
    """Measured, in nm."""
    for row in results.get("quality", {}).get("rows", []):
        if row["quantity"] == "Plane spacing":
            return row["value"]
    return None


def chain_part(record, key, entry):
    copies = [copy["size_histogram"] for copy in entry["copies"]]
    domains = record["domains"].get(key, {})
    made = [element("h3", key), paragraph(entry["sentence"])]
    if entry["domains"] or any(any(copy) for copy in copies):
        band = "; grey: from 5 to 95 % of the copies" if len(copies) > 1 else "; line: the copy" if copies else ""
        made.append(figure(csro_svg.sizes(f"Sizes of {key} domains", entry["size_histogram"], copies),
                           f"Sizes of the domains{band}."))
    made.append(null_part(entry))
    if domains.get("Size"):
        columns = (("#no.", "Domain", 0), ("#ions", "Size", 0), ("#x (nm)", "CenterX_nm", 2), ("#y (nm)", "CenterY_nm", 2),
                   ("#z (nm)", "CenterZ_nm", 2), ("#Rg1 (nm)", "Rg1_nm", 2), ("#Rg2 (nm)", "Rg2_nm", 2), ("#Rg3 (nm)", "Rg3_nm", 2),
                   ("#aspect ratio", "AspectRatio", 2), ("#oblateness", "Oblateness", 2))
        columns += tuple((f"#{name[9:]}", name, 2) for name in domains if name.startswith("Fraction_"))
        made += [maps(record, f"{key} domains", domains, gyration_diameters(domains)),
                 domain_table(columns, domains, sorted(range(len(domains["Size"])), key=lambda k: -domains["Size"][k]), "largest",
                              "; below the species: their fractions of the ranged ions" if "Fraction" in str(columns) else "")]
    return made


def null_part(entry):
    statistics = entry.get("statistics") or {}
    known = {"domains": [copy.get("domains") for copy in entry["copies"]],
             "largest": [copy.get("largest") for copy in entry["copies"]],
             "ordered_ions": [copy["ions_extracted"] - copy["noise"] if "noise" in copy else None for copy in entry["copies"]]}
    rows, made = [], []
    for name, (unit, title) in STATISTICS.items():
        found = statistics.get(name)
        if not found or found["value"] is None:
            continue
        band = found["band"]
        rows.append((title, unit, number(found["value"]), number(found["copies_mean"]), interval(*band) if len(entry["copies"]) > 1 else NOTHING, p_text(found["p"])))
        values = [value for value in known.get(name, []) if value is not None]
        if None not in (found["copies_mean"], *band) and len(entry["copies"]) > 1:
            made.append(figure(csro_svg.null_strip(title, unit, found["value"], found["copies_mean"], band, values), title))
    if not rows:
        return None
    return [table(f"The data beside {plural(len(entry['copies']), 'randomised copy', 'randomised copies')}", (
        "statistic", "unit", "#data", "#copies, mean", "#copies, 5 to 95 %", "#p"), rows), made,
        paragraph("Red: the data; dots: copies; black: their mean; grey: their 5 to 95 %.", class_="note") if made else None]


def gyration_diameters(domains):
    """Of spheres with the same radius of gyration, in nm."""
    axes = [domains[f"Rg{k}_nm"] for k in (1, 2, 3)]
    return [2 * math.sqrt(5 / 3 * sum(value * value for value in row)) if None not in row else None for row in zip(*axes)]
