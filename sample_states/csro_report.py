"""A report on an analysis as one HTML file that needs nothing else, for the supplement of a paper, and the same as JSON. Used by
csro_batch.py (--report) and by CSRO > Report in the window. page() needs no ParaView."""

import base64
import json
import struct

from csro_markup import NOTHING, element, number, plain
from csro_page import document, figure, mark, paragraph, plural, table
from csro_report_chain import chain
from csro_report_data import data
from csro_report_order import detected
from csro_report_statistics import measured_statistics

METHOD = ("https://doi.org/10.1002/adma.202407564", "Li et al., Advanced Materials (2024), doi 10.1002/adma.202407564")


def write(record, images, base):
    """BASE.html and BASE.json; images: (caption, bytes of a PNG)."""
    texts = {".html": page(record, images), ".json": json.dumps(record, indent=1, allow_nan=False) + "\n"}
    for ending, text in texts.items():
        with open(base + ending, "w", encoding="utf-8", errors="replace", newline="\n") as file:
            file.write(text)


def page(record, images=()):
    """The HTML file as a text."""
    results = record["results"]
    title = f"Chemical short-range order in {record['title']}"
    return document(
        title, element("h1", title), paragraph(f"Report of APT-CSRO {results['version']}, {record['date']}", class_="note"),
        head(results), data(record), detected(record), chain(record), measured_statistics(record), pictures(images),
        provenance(record), reading(), citation(record))


def head(results):
    if not results["pairs"] and "detect_order" not in results:
        return element("div", paragraph("Theory alone: section 1 has it. No ions were analysed for domains."), warnings(results),
                       class_="head")
    quality, sensitivity = results.get("quality", {}), results.get("sensitivity", {})
    verdict = quality.get("verdict") or quality.get("error") or "Not judged: Data Quality was not run"
    limits = [f"{species}: perfectly ordered domains of {number(found['smallest_detectable_nm'])} nm are found in half of the "
              "cases (computed, not measured)" for species, found in results.get("detect_order", {}).items()
              if found["smallest_detectable_nm"] is not None]
    injected = [paragraph(f"{species}: {found.get('sentence') or found.get('error')}") for species, found in sensitivity.items()]
    missing = [paragraph("Not measured by injection (--sensitivity of the batch script, Sensitivity in the window): few domains, "
                         "or none, then say little."), [paragraph(f"{text}.") for text in limits]]
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
    said += [f"{species} by Detect Order: {plural(found['domains'], 'domain')} of {plural(found['ordered_ions'], 'ion')} at an "
             f"FDR of {plain(100 * found['fdr_level'])} %. {found['verdict']}" for species, found in results.get("detect_order", {}).items()]
    said += [f"{key} by the published chain: {entry['sentence']}" for key, entry in results["pairs"].items()]
    return [paragraph(text) for text in said]


def warnings(results):
    if results["warnings"] is None:
        return [element("h2", "Warnings"), paragraph("Not recorded in the window: see Output Messages there.")]
    return [element("h2", "Warnings"), element("ul", [element("li", text) for text in results["warnings"]])] \
        if results["warnings"] else []


def pictures(images):
    if not images:
        return [element("h2", "5. Pictures"),
                paragraph("None: they need a display (--render of the batch script). The maps above are drawn from the tables.")]
    made = [element("h2", "5. Pictures")]
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
    if came["model"]:
        rows.append(("networks", f"{came['model']['name']}, fingerprint of the weights {came['model']['fingerprint']}"))
    if came["command"]:
        rows.append(("command", element("code", " ".join(word.rsplit("/", 1)[-1] for word in came["command"]))))
    return [element("h2", "6. How it was made"), table("Versions", ("", ""), rows),
            table("Filters in the order of the pipeline; settings other than the defaults in bold", ("filter", "reads", "settings"),
                  [(step["step"], ", ".join(name.split()[0] for name in step["inputs"]), settings(step["parameters"])) for step in came["steps"]])]


def seeds(record):
    found = [f"{step['step'].split(' ', 1)[1]} {setting['value']}" for step in record["provenance"]["steps"]
             for setting in step["parameters"] if setting["name"] == "Seed" and step["filter"] != "CompareDomains"]
    copies = record["provenance"]["copy_seeds"]
    if copies:
        found.append(f"randomised copies {copies[0]} to {copies[-1]}")
    return ", ".join(dict.fromkeys(found)) or NOTHING


def settings(parameters):
    content = []
    for setting in parameters:
        unit = setting.get("unit")
        has_unit = unit and not unit[0].isdigit() and setting["value"] not in ("", [], None)  # else it is a range
        text = f"{setting['name']} {value_text(setting['value'])}" + (f" {unit}" if has_unit else "")
        content += ["; " if content else "", text if setting["is_default"] else element("b", text)]
    return element("span", content) if content else NOTHING


def value_text(value):
    if isinstance(value, list) and value:
        return ", ".join(value_text(each) for each in value) if len(value) <= 12 else f"({len(value)} numbers)"
    return "empty" if value in ("", None, []) else f"{value:.10g}" if isinstance(value, float) else str(value)


def reading():
    said = (
        "Randomised copies have the positions of the data and exchanged labels: what they show is chance. p is the share of members "
        "(data and copies) with at least the value of the data: (1 + copies at or above) / (1 + copies). It cannot be below "
        "1 / (1 + copies), so few copies cannot prove order. The band from 5 to 95 % is that of the copies, not an interval of the "
        "value.",
        "The number of domains decides; the other statistics describe. With several pairs its p is corrected after Holm (Scand. J. "
        "Statist. 6 (1979) 65).",
        "Mu (contingency coefficient of the size histograms of data and copy) of one copy has no interval; beside it stands the mean "
        "over all.",
        "Recall and density have intervals of the level that is named: Wilson's for shares; Fieller's for the limit; central ones of "
        "the posterior for the density, and an exact upper limit where less than one true domain is expected. They hold for balls of "
        "even order, rich in one species plane by plane, as they were planted.",
        f"{NOTHING} stands for what is undefined or was not measured.")
    return [element("h2", "7. How to read it"), element("ul", [element("li", text) for text in said])]


def citation(record):
    return [element("h2", "8. Citation"), element(
        "ul", element("li", f"The APT-CSRO contributors, APT-CSRO {record['results']['version']} (software)."),
        element("li", "Method of the published chain, PCC, chi2 and mu: ", element("a", METHOD[1], href=METHOD[0]), ".")),
        paragraph("The same numbers, all domains and the full provenance are in the JSON file of the same name.", class_="note")]


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
