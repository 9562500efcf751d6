"""The chapter of a report on the domains that Detect Order finds, and on what it would have found. Used by csro_report.py; needs
no ParaView."""

import math

import csro_svg
from csro_markup import element, fixed, interval, number, p_text, plain
from csro_page import figure, paragraph, plural, sideways, table
from csro_report_maps import domain_table, maps

PLANE_TYPES = {2: "every second plane", 3: "every third plane", 4: "every fourth plane"}


def detected(record):
    results = record["results"]
    if "detect_order" not in results:
        return [element("h2", "2. Domains by likelihood (Detect Order)"), paragraph("Not run.")]
    return [element("h2", "2. Domains by likelihood (Detect Order)"),
            paragraph("The heights of all ions in the lattice decide; each domain has a probability of its own."),
            kinds_table(results), orders_table(results), sensitivity_part(results),
            [ordered_part(record, key, domains) for key, domains in record["ordered_domains"].items()]]


def kinds_table(results):
    kinds = results.get("order_kinds", {})
    if "error" in kinds:
        return paragraph(f"Detect Order: {kinds['error']}")
    rows = [(row["species"], PLANE_TYPES.get(row["period_planes"], row["period_planes"]), row["verdict"],
             number(finite(row["evidence"])), number(finite(row["decoys"])), row["structures"], "yes" if row["searched"] else "no") for row in kinds.get("rows", [])]
    return table("Kinds of order (evidence: ln of the Bayes factor against a random alloy; decoys: evidence of patterns that no "
                 "structure has)", ("rich species", "in", "verdict", "#evidence", "#decoys", "structures", "searched"), rows)


def finite(value):
    return value if value is not None and math.isfinite(value) else None


def orders_table(results):
    found = list(results["detect_order"].values())

    def row(name, unit, key, text=number):
        return name, unit, [text(each[key]) for each in found]

    return found and [
        sideways("Domains found", results["detect_order"], (
            row("domains in the list", "", "domains"), row("ions in them", "ions", "ordered_ions"),
            row("largest", "ions", "largest"), row("false discovery rate of the list", "", "fdr"),
            row("as evident as the weakest, by chance", "domains", "domains_by_chance"),
            row("p of any order", "", "order_p", p_text), row("density, estimated", "per m\u00b3", "domain_density_m3"),
            row("diameter of which half are found, computed", "nm", "smallest_detectable_nm"),
            row("sigma_xy, used", "nm", "sigma_xy_nm"), row("sigma_z, measured", "nm", "sigma_z_nm"),
            row("coherence of the planes", "", "plane_coherence"),
            row("ions around which planes are resolved", "share", "plane_share"))),
        paragraph("Chance: from randomised copies and decoys. The density is that of all domains, also of those not in the "
                  "list, and has no interval; the one with an interval is in the table of injections. " +
                  found[0]["sigma_xy_source"], class_="note")]


def sensitivity_part(results):
    made = []
    for species, found in results.get("sensitivity", {}).items():
        if "error" in found:
            made.append(paragraph(f"Injection of {species}: {found['error']}"))
            continue
        rows = [(diameters(row), number(int(row["planted"])), fixed(row["recall"], 2),
                 f"{fixed(row['recall_low'], 2)} to {fixed(row['recall_high'], 2)}",
                 number(row["density_m3"]), interval(row["density_low_m3"], row["density_high_m3"])) for row in found["classes"]]
        level = plain(100 * found["level"])
        classes = [(row["from_nm"], row["to_nm"], row["recall"], row["recall_low"], row["recall_high"])
                   for row in found["classes"] if row["to_nm"] is not None and row["recall"] is not None]
        made += [element("h3", f"Sensitivity to {species}, by injection"), paragraph(found["sentence"]),
                 figure(csro_svg.recall(f"Recall of planted domains of {species}", classes, found["detection_limit_nm"]),
                        f"Share of planted domains that is found, with {level} % intervals; dashed: where half are, with its "
                        f"{level} % interval in grey.") if classes else None,
                 table(f"{plural(found['planted'], 'domain')} planted in {plural(found['injections'], 'injection')}; intervals of "
                       f"{level} %", (
                     "diameter", "#planted", "#recall", "#interval", "#density in the data (per m\u00b3)", "#interval"), rows)]
    return made


def diameters(row):
    return f"{plain(row['from_nm'])} nm and more" if row["to_nm"] is None else \
        f"{plain(row['from_nm'])} to {plain(row['to_nm'])} nm"


def ordered_part(record, key, domains):
    if not domains.get("Size"):
        return paragraph(f"{key}: no domain is in the list.")
    columns = (("#no.", "Domain", 0), ("rich in", "RichSpecies", 0), ("#ions", "Size", 0), ("#probability", "Probability", 3),
               ("#FDR up to here", "FDR", 4), ("#by chance", "ChanceCount", 3), ("#diameter (nm)", "Diameter_nm", 2),
               ("#x (nm)", "CenterX_nm", 2), ("#y (nm)", "CenterY_nm", 2), ("#z (nm)", "CenterZ_nm", 2),
               ("#period (planes)", "Period_planes", 0))
    return [element("h3", f"Domains of {key}"), maps(record, f"Domains of {key}", domains, domains["Diameter_nm"]),
            domain_table(columns, domains, range(len(domains["Size"])), "most probable")]
