"""A report on an analysis as one HTML file that needs nothing else, for the supplement of a paper, and the same as JSON. Used by
csro_batch.py (--report) and by CSRO > Report in the window. page() needs no ParaView."""

import base64
import json
import math
import os
import struct

import csro_svg
from csro_markup import NOTHING, element, fixed, interval, measured, number, p_text, plain, text_of
from csro_units import UNITS

ROWS = 20  # of a table of domains; report.json has them all
PLANE_TYPES = {2: "every second plane", 3: "every third plane", 4: "every fourth plane"}
METHOD = ("https://doi.org/10.1002/adma.202407564", "Li et al., Advanced Materials (2024), doi 10.1002/adma.202407564")
STATISTICS = {"domains": ("domains", "Number of domains (decides)"), "ordered_ions": ("ions", "Ions in domains"),
              "largest": ("ions", "Largest domain"), "mu": ("mu, no unit", "Mean mu against the other members")}
STYLE = """
body { font: 15px/1.45 Helvetica, Arial, sans-serif; color: #222; background: #fff; max-width: 62em; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 1.6em; margin-bottom: 0.2em; } h2 { font-size: 1.25em; border-bottom: 1px solid #bbb; margin-top: 2em; }
h3 { font-size: 1.05em; margin-bottom: 0.3em; }
table { border-collapse: collapse; font-size: 0.87em; margin: 0.6em 0; } caption { text-align: left; font-weight: bold; padding: 0.3em 0; }
th, td { text-align: left; vertical-align: top; padding: 0.2em 0.9em 0.2em 0; border-bottom: 1px solid #ddd; }
th { border-bottom: 1px solid #666; } td.n, th.n { text-align: right; } td.n { white-space: nowrap; font-variant-numeric: tabular-nums; }
.head { border: 1px solid #999; padding: 0.2em 1.2em 0.8em; background: #f7f7f5; } .head h2 { border: 0; margin: 0.6em 0 0.1em; font-size: 1.05em; }
.head p { margin: 0.2em 0; } .mark { font-weight: bold; padding: 0 0.4em; border: 1px solid; white-space: nowrap; }
.ok { color: #1a6b3a; } .warning { color: #8a5a00; } .bad { color: #a01818; }
figure { display: inline-block; vertical-align: top; margin: 0.6em 0.6em 0.6em 0; max-width: 100%; } svg, img { max-width: 100%; height: auto; }
figcaption, .note { font-size: 0.87em; color: #444; } figcaption { max-width: 33em; } .wide figcaption { max-width: none; }
code { font-size: 0.92em; overflow-wrap: anywhere; } td.names { overflow-wrap: anywhere; }
@media print { body { margin: 0; max-width: none; font-size: 11px; } figure, tr, .head { break-inside: avoid; } h2, h3 { break-after: avoid; } }
"""


def write(record, images, base):
    """BASE.html and BASE.json; images: (caption, bytes of a PNG)."""
    texts = {".html": page(record, images), ".json": json.dumps(record, indent=1, allow_nan=False) + "\n"}
    for ending, text in texts.items():
        with open(base + ending, "w", encoding="utf-8", errors="replace", newline="\n") as file:
            file.write(text)


def page(record, images=()):
    """The HTML file as a text, which is also well-formed XML."""
    results = record["results"]
    title = f"Chemical short-range order in {record['title']}"
    body = element(
        "body", element("h1", title), element("p", f"Report of APT-CSRO {results['version']}, {record['date']}", class_="note"),
        head(results), data(record), detected(record), chain(record), pictures(images), provenance(record), reading(),
        citation(record))
    return text_of(element(
        "html", element(
            "head", element("meta", charset="utf-8"), element("title", title),
            # nothing is loaded from elsewhere, and nothing is run
            element("meta", http_equiv="Content-Security-Policy",
                    content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"),
            element("meta", name="viewport", content="width=device-width"), element("style", STYLE)),
        body, xmlns="http://www.w3.org/1999/xhtml", lang="en"))


# --- pieces ---


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


def figure(picture, caption, **attributes):
    return element("figure", picture, element("figcaption", caption), **attributes)


def mark(verdict):
    return element("span", verdict, class_=f"mark {verdict if verdict in ('ok', 'warning', 'bad') else ''}".strip())


def plural(count, word):
    return f"{number(count)} {word}{'' if count == 1 else 's'}"


def colour_of(record, species, k):
    """As the range file has it, darkened where white paper would swallow it."""
    red_green_blue = record["species_colors"].get(species)
    if not red_green_blue:
        return csro_svg.PALETTE[k % len(csro_svg.PALETTE)]
    light = sum(weight * value for weight, value in zip((0.3, 0.59, 0.11), red_green_blue))
    factor = min(1, 0.7 / light) if light else 1
    return "#" + "".join(f"{round(255 * min(1, max(0, factor * value))):02x}" for value in red_green_blue)


def plane_spacing(results):
    """Measured, in nm."""
    for row in results.get("quality", {}).get("rows", []):
        if row["quantity"] == "Plane spacing":
            return row["value"]
    return None


# --- the head ---


def head(results):
    quality, sensitivity = results.get("quality", {}), results.get("sensitivity", {})
    verdict = quality.get("verdict") or quality.get("error") or "Not judged: Data Quality was not run."
    limits = [f"{species}: perfectly ordered domains of {number(found['smallest_detectable_nm'])} nm are found in half of the "
              "cases (computed, not measured)" for species, found in results.get("detect_order", {}).items()
              if found["smallest_detectable_nm"] is not None]
    injected = [paragraph(f"{species}: {found.get('sentence') or found.get('error')}") for species, found in sensitivity.items()]
    missing = [paragraph("Not measured by injection (--sensitivity of the batch script, Sensitivity in the window): few domains, or "
                         "none, then say little."), [paragraph(f"{text}.") for text in limits]]
    return element(
        "div", element("h2", "The data"), paragraph(worst(quality), " ", f"{verdict}."), points(quality),
        element("h2", "What would have been found"), injected or missing,
        element("h2", "What was found"), findings(results), warnings(results), class_="head")


def points(quality):
    """Those to heed, in words."""
    said = [f"{row['words']}." for row in quality.get("rows", []) if row["verdict"] != "ok"]
    return element("ul", [element("li", text[0].upper() + text[1:]) for text in said]) if said else None


def worst(quality):
    found = {row["verdict"] for row in quality.get("rows", [])}
    return next((mark(verdict) for verdict in ("bad", "warning", "ok") if verdict in found), None)


def findings(results):
    kinds = results.get("order_kinds")
    said = []
    if kinds:
        said.append(f"Kind of order: {kinds.get('found') or kinds.get('error')}.")
    said += [f"{species} by Detect Order: {plural(found['domains'], 'domain')} of {plural(found['ordered_ions'], 'ion')} at an FDR of "
             f"{plain(100 * found['fdr_level'])} %. {found['verdict']}" for species, found in results.get("detect_order", {}).items()]
    said += [f"{key} by the published chain: {entry['sentence']}" for key, entry in results["pairs"].items()]
    return [paragraph(text) for text in said]


def warnings(results):
    if results["warnings"] is None:
        return [element("h2", "Warnings"), paragraph("Not recorded in the window: see Output Messages there.")]
    return [element("h2", "Warnings"), element("ul", [element("li", text) for text in results["warnings"]])] \
        if results["warnings"] else []


# --- the data ---


def data(record):
    results = record["results"]
    return [element("h2", "1. The data"), files(record), composition(record), spectrum(record), quality_table(results), pole(results)]


def files(record):
    rows = [(element("code", os.path.basename(file["path"])), f"{number(file['bytes'])}", element("code", file["sha256"]))
            for file in record["provenance"]["files"]]
    if not rows:
        return paragraph("The ions are simulated, with the parameters of section 5; no file was read.")
    return table("Files", ("file", "#bytes", "SHA-256"), rows)


def composition(record):
    results = record["results"]
    species, ions = results["species"], results["ions"]
    ranged = sum(count for name, count in species.items() if name != "unranged")
    rows = []
    for name, count in species.items():
        if name == "unranged":
            rows.append((name, number(count), NOTHING, NOTHING))
        elif ranged:
            part = count / ranged
            rows.append((name, number(count), fixed(100 * part, 2), fixed(100 * math.sqrt(part * (1 - part) / ranged), 2)))
    bounds = record["bounds_nm"]
    where = "" if not bounds else ", ".join(f"{axis} {fixed(bounds[2 * k], 2)} to {fixed(bounds[2 * k + 1], 2)}" for k, axis in enumerate("xyz"))
    text = plural(ions, "ion") + (f", {number(ranged)} of them ranged" if species else "") + (f"; {where} nm." if where else ".")
    return [paragraph(text), rows and [
        table("Composition", ("species", "#ions", "#% of the ranged ions", "#\u00b1 (counting, 1 standard error)"), rows),
        paragraph("Species are counted as ions; molecular ions are not split into atoms, and overlapping peaks are not "
                  "deconvolved: the error is that of counting alone.", class_="note")]]


def spectrum(record):
    found = record["spectrum"]
    if not found:
        return None
    counts = dict(found["counts"])
    every = counts.pop("All ions")
    named = [(name, colour_of(record, name, k), values) for k, (name, values) in enumerate(counts.items()) if any(values)]
    bins = f" Of each {found['bins_per_point']} bins the highest is drawn." if found["bins_per_point"] > 1 else ""
    return figure(csro_svg.spectrum("Mass spectrum", found["mass_da"], every, named),
                  f"Mass spectrum, bins of {number(found['bin_width_da'], 2)} Da, logarithmic; ranged ions in the colours of the range "
                  f"file.{bins}", class_="wide")


def quality_table(results):
    quality = results.get("quality")
    if not quality:
        return None
    if "error" in quality:
        return paragraph(f"Data Quality: {quality['error']}")
    rows = [(row["quantity"], measured(row["value"], row["low"], row["high"]), interval(row["low"], row["high"]), row["unit"].replace("1/nm3", "per nm\u00b3"),
             mark(row["verdict"]), row["words"]) for row in quality["rows"]]
    return table("Quality of the data along this pole (interval: as Data Quality gives it, 2 standard errors)",
                 ("quantity", "#value", "#interval", "unit", "verdict", "what it means"), rows)


def pole(results):
    found = results.get("pole")
    if not found:
        return None
    rows = [(name.replace("_", " in "), number(value)) for name, value in found.items() if name != "matrix"]
    return table("Lattice planes (Find Pole)", ("quantity", "#value"), rows)


# --- Detect Order ---


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
    rows = [(row["species"], PLANE_TYPES.get(row["period_planes"], row["period_planes"]), row["verdict"], number(finite(row["evidence"])),
             number(finite(row["decoys"])), row["structures"], "yes" if row["searched"] else "no") for row in kinds.get("rows", [])]
    return table("Kinds of order (evidence: ln of the Bayes factor against a random alloy; decoys: evidence of patterns that no "
                 "structure has)", ("rich species", "in", "verdict", "#evidence", "#decoys", "structures", "searched"), rows)


def finite(value):
    return value if value is not None and math.isfinite(value) else None


def sideways(caption, names, rows):
    """A table with a row for each quantity and a column for each of these names; rows: (quantity, unit, values)."""
    return table(caption, ("quantity", "unit", *(f"#{name}" for name in names)), [(name, unit, *values) for name, unit, values in rows])


def orders_table(results):
    found = list(results["detect_order"].values())

    def row(name, unit, key, text=number):
        return name, unit, [text(each[key]) for each in found]

    return found and [
        sideways("Domains found", results["detect_order"], (
            row("domains in the list", "", "domains"), row("ions in them", "ions", "ordered_ions"), row("largest", "ions", "largest"),
            row("false discovery rate of the list", "", "fdr"), row("as evident as the weakest, by chance", "domains", "domains_by_chance"),
            row("p of any order", "", "order_p", p_text), row("density, estimated", "per m\u00b3", "domain_density_m3"),
            row("diameter of which half are found, computed", "nm", "smallest_detectable_nm"),
            row("sigma_xy, taken", "nm", "sigma_xy_nm"), row("sigma_z, measured", "nm", "sigma_z_nm"),
            row("coherence of the planes", "", "plane_coherence"), row("ions around which planes are resolved", "share", "plane_share"))),
        paragraph("Chance: from randomised copies and decoys. The density is that of all domains, also of those not in the list, and has no "
                  "interval; the one with an interval is in the table of injections. Sigma_xy is not measured: if it is larger than taken, "
                  "more domains are false than declared.", class_="note")]


def sensitivity_part(results):
    made = []
    for species, found in results.get("sensitivity", {}).items():
        if "error" in found:
            made.append(paragraph(f"Injection of {species}: {found['error']}"))
            continue
        rows = [(diameters(row), number(int(row["planted"])), fixed(row["recall"], 2), f"{fixed(row['recall_low'], 2)} to {fixed(row['recall_high'], 2)}",
                 number(row["density_m3"]), interval(row["density_low_m3"], row["density_high_m3"])) for row in found["classes"]]
        level = plain(100 * found["level"])
        classes = [(row["from_nm"], row["to_nm"], row["recall"], row["recall_low"], row["recall_high"]) for row in found["classes"]
                   if row["to_nm"] is not None and row["recall"] is not None]
        made += [element("h3", f"Sensitivity to {species}, by injection"), paragraph(found["sentence"]),
                 figure(csro_svg.recall(f"Recall of planted domains of {species}", classes, found["detection_limit_nm"]),
                        f"Share of planted domains that is found, with {level} % intervals; dashed: where half are, with its {level} % "
                        "interval in grey.") if classes else None,
                 table(f"{plural(found['planted'], 'domain')} planted in {plural(found['injections'], 'injection')}; intervals of {level} %", (
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
                   f"{title} seen along y: a circle is a sphere of the domain's diameter at its centre; the frame is that of the data. "
                   "Colours only tell neighbours apart."),
            figure(csro_svg.side_map(f"{title}, from above", (0, 1), limits, shown, ("x (nm)", "y (nm)")), "The same seen along z.")]


# --- the published chain ---


def chain(record):
    results = record["results"]
    made = [element("h2", "3. Domains by the published chain")]
    if not results["pairs"]:
        return [*made, paragraph("Not run.")]
    made.append(paragraph("z-SDMs of voxels, an ensemble of networks, extraction and DBSCAN; a number of domains is judged by that of "
                          "randomised copies of the same ions.", f" {copies_text(results)}"))
    made += [mean_curves(record), chain_table(results)]
    return made + [chain_part(record, key, entry) for key, entry in results["pairs"].items()]


def copies_text(results):
    copies = max((len(entry["copies"]) for entry in results["pairs"].values()), default=0)
    if not copies:
        return "No copies were made: nothing here is evidence of order."
    who = {"ranged": "the ranged ions", "all": "all ions"}.get(results.get("exchange"), "ions")
    within = results.get("within", "all")
    where = "the whole data set" if within == "all" else f"neighbourhoods of at least {number(within)} ions"
    return f"In {plural(copies, 'copy').replace('copys', 'copies')} {who} exchanged labels within {where}; the smallest possible p is " \
           f"{p_text(1 / (copies + 1))}."


def chain_table(results):
    found = list(results["pairs"].values())

    def row(name, unit, value):
        return name, unit, [number(value(each)) for each in found]

    def of_null(key):
        return lambda each: (each.get("mu_null") or {}).get(key)

    return [sideways("Results by pair", results["pairs"], (
        row("ions extracted", "ions", lambda each: each["ions_extracted"]), row("domains", "", lambda each: each["domains"]),
        row("largest domain", "ions", lambda each: each["largest"]), row("in no domain (noise)", "ions", lambda each: each["noise"]),
        row("density", "per m\u00b3", lambda each: each["number_density_m3"]),
        ("p of the number of domains, after Holm", "", [p_text(each.get("p_holm")) for each in found]),
        row("PCC", "", lambda each: each.get("pcc")), row("chi2", "", lambda each: each.get("chi2")),
        row("size bins used by chi2", "", lambda each: each.get("bins_used")), row("mu", "", lambda each: each.get("mu")),
        row("mean mu of the copies", "", of_null("mean")), row("95 % of them below", "", of_null("p95")))),
        paragraph("PCC, chi2 and mu as published: data against the first copy. Density: domains over the analysed volume, those by chance "
                  "included.", class_="note")]


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


def chain_part(record, key, entry):
    copies = [copy["size_histogram"] for copy in entry["copies"]]
    domains = record["domains"].get(key, {})
    made = [element("h3", key), paragraph(entry["sentence"])]
    if entry["domains"] or any(any(copy) for copy in copies):
        band = "; grey: from 5 to 95 % of the copies" if len(copies) > 1 else ""
        made.append(figure(csro_svg.sizes(f"Sizes of {key} domains", entry["size_histogram"], copies if len(copies) > 1 else []),
                           f"Sizes of the domains{band}."))
    made.append(null_part(entry))
    if domains.get("Size"):
        columns = (("#no.", "Domain", 0), ("#ions", "Size", 0), ("#x (nm)", "CenterX_nm", 2), ("#y (nm)", "CenterY_nm", 2),
                   ("#z (nm)", "CenterZ_nm", 2), ("#Rg1 (nm)", "Rg1_nm", 2), ("#Rg2 (nm)", "Rg2_nm", 2), ("#Rg3 (nm)", "Rg3_nm", 2),
                   ("#aspect ratio", "AspectRatio", 2), ("#oblateness", "Oblateness", 2))
        columns += tuple((f"#{name[9:]}", name, 2) for name in domains if name.startswith("Fraction_"))
        made += [maps(record, f"{key} domains", domains, gyration_diameters(domains)),
                 domain_table(columns, domains, sorted(range(len(domains["Size"])), key=lambda k: -domains["Size"][k]), "largest",
                              "; below the species: their fractions of the ranged ions")]
    return made


def null_part(entry):
    statistics = entry.get("statistics") or {}
    known = {"domains": [copy.get("domains") for copy in entry["copies"]], "largest": [copy.get("largest") for copy in entry["copies"]],
             "ordered_ions": [copy["ions_extracted"] - copy["noise"] if "noise" in copy else None for copy in entry["copies"]]}
    rows, made = [], []
    for name, (unit, title) in STATISTICS.items():
        found = statistics.get(name)
        if not found or found["value"] is None:
            continue
        band = found["band"]
        rows.append((title, unit, number(found["value"]), number(found["copies_mean"]), interval(*band), p_text(found["p"])))
        values = [value for value in known.get(name, []) if value is not None]
        if None not in (found["copies_mean"], *band) and len(entry["copies"]) > 1:
            made.append(figure(csro_svg.null_strip(title, unit, found["value"], found["copies_mean"], band, values), title))
    if not rows:
        return None
    return [table(f"The data beside {plural(len(entry['copies']), 'randomised copy').replace('copys', 'copies')}", (
        "statistic", "unit", "#data", "#copies, mean", "#copies, 5 to 95 %", "#p"), rows), made,
        paragraph("Red: the data; dots: copies; black: their mean; grey: their 5 to 95 %.", class_="note") if made else None]


def gyration_diameters(domains):
    """Of spheres with the same radius of gyration, in nm."""
    axes = [domains[f"Rg{k}_nm"] for k in (1, 2, 3)]
    return [2 * math.sqrt(5 / 3 * sum(value * value for value in row)) if None not in row else None for row in zip(*axes)]


# --- pictures, provenance, explanations ---


def pictures(images):
    if not images:
        return [element("h2", "4. Pictures"),
                paragraph("None: they need a display (--render of the batch script). The maps above are drawn from the tables.")]
    made = [element("h2", "4. Pictures")]
    for caption, image in images:
        width, height = struct.unpack(">II", image[16:24])
        made.append(figure(element("img", src="data:image/png;base64," + base64.b64encode(image).decode(), alt=caption,
                                   width=str(min(width, 440 if height > width else 900))), caption))
    return made


def provenance(record):
    came = record["provenance"]
    results = record["results"]
    rows = [(name, version) for name, version in came["software"].items()]
    rows += [("ranks, threads per rank", f"{results['ranks']}, {results['threads']}"), ("seeds", seeds(record))]
    if came["command"]:
        rows.append(("command", element("code", " ".join(came["command"]))))
    return [element("h2", "5. How it was made"), table("Versions", ("", ""), rows),
            table("Filters in the order of the pipeline; settings other than the defaults in bold", ("filter", "reads", "settings"),
                  [(step["step"], "; ".join(step["inputs"]), settings(step["parameters"])) for step in came["steps"]])]


def seeds(record):
    found = [f"{step['step'].split(' ', 1)[1]} {setting['value']}" for step in record["provenance"]["steps"]
             for setting in step["parameters"] if setting["name"] == "Seed" and step["filter"] != "CompareDomains"]
    for step in record["provenance"]["steps"]:
        values = {setting["name"]: setting["value"] for setting in step["parameters"]}
        if step["filter"] == "CompareDomains" and values["Copies"]:
            found.append(f"randomised copies {values['Seed']} to {values['Seed'] + values['Copies'] - 1}")
    return ", ".join(dict.fromkeys(found)) or NOTHING


def settings(parameters):
    content = []
    for setting in parameters:
        unit = UNITS.get(setting["name"])
        text = f"{setting['name']} {value_text(setting['value'])}{f' {unit}' if unit and setting['value'] not in ('', [], None) else ''}"
        content += ["; " if content else "", text if setting["is_default"] else element("b", text)]
    return element("span", content) if content else NOTHING


def value_text(value):
    if isinstance(value, list):
        return ", ".join(value_text(each) for each in value) if len(value) <= 12 else f"({len(value)} numbers)"
    return "empty" if value in ("", None) else f"{value:.10g}" if isinstance(value, float) else str(value)


def reading():
    said = (
        "Randomised copies have the positions of the data and exchanged labels: what they show is chance. p is the share of members (data and "
        "copies) with at least the value of the data: (1 + copies at or above) / (1 + copies). It cannot be below 1 / (1 + copies), so few "
        "copies cannot prove order. The band from 5 to 95 % is that of the copies, not an interval of the value.",
        "The number of domains decides; the other statistics describe. With several pairs its p is corrected after Holm (Scand. J. Statist. "
        "6 (1979) 65).",
        "Mu (contingency coefficient of the size histograms of data and copy) of one copy has no interval; beside it stands the mean over all.",
        "Recall and density have intervals of the level that is named: Wilson's for shares; Fieller's for the limit; central ones of the posterior for the density, "
        "and an exact upper limit where less than one true domain is expected. They hold for balls of even order, rich in one species plane by "
        "plane, as they were planted.",
        f"{NOTHING} stands for what is undefined or was not measured.")
    return [element("h2", "6. How to read it"), element("ul", [element("li", text) for text in said])]


def citation(record):
    return [element("h2", "7. Citation"), element(
        "ul", element("li", f"The APT-CSRO contributors, APT-CSRO {record['results']['version']} (software)."),
        element("li", "Method of the published chain, PCC, chi2 and mu: ", element("a", METHOD[1], href=METHOD[0]), ".")),
        paragraph("The same numbers, all domains and the full provenance are in the JSON file of the same name.", class_="note")]


# --- what calls it ---


def write_of(analysis, base, images=(), command=None):
    """The report on an analysis: BASE.html and BASE.json."""
    import csro_record
    write(csro_record.make(analysis, command), list(images), base)


def write_in_window(path):
    """What CSRO > Report does: errors are lines of Output Messages."""
    from csro_files import Failure, writing
    from vtkmodules.vtkCommonCore import vtkOutputWindow
    try:
        import csro_browser
        base = path[:-5] if path.lower().endswith((".html", ".json")) else path
        with writing(path):
            write_of(csro_browser.analysis(), base, csro_browser.pictures())
    except Failure as failure:
        vtkOutputWindow.GetInstance().DisplayErrorText(f"Report: {failure}\n")
