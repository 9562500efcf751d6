"""Composition, spectrum, profiles and proximity of an analysis: tables without copies of their own, but for the composition
of domains. Used by csro_pipeline.py with --statistics."""

from csro_outputs import field, number, output

LOCAL = {"Background": "Local"}  # follows noise of any kind


def composed(pipeline, analysis, copies):
    """What summary.json says about them: a sentence and p, or the error of each. Adds the tables to
    analysis.tables: (filter, output) by name."""
    entries = {}

    def attempt(name, proxy, tables, **properties):
        found, error = pipeline.attempt("statistics", proxy, 0, **properties)
        if error:
            entries[name] = {"error": error}
        else:
            analysis.tables.update({table: (found, port) for table, port in tables.items()})
        return found

    ions = analysis.ions
    fit = attempt("spectrum_fit", "SpectrumFit", {"spectrum_fit": 3, "spectrum_fit_ions": 2, "spectrum_fit_ranges": 1,
                                                  "spectrum_fit_peaks": 4}, Input=ions, **LOCAL)
    if fit:
        entries["spectrum_fit"] = {"sentence": words_of(fit), "p": number(field(fit, "FitP", 3)[0])}
    for key, domains in analysis.domains.items():
        attempt(f"profile_{key}", "Profile", {f"profile_{key}": 0}, Input=ions, Domains=domains)
        attempt(f"proximity_{key}", "ProximityHistogram", {f"proximity_{key}": 0}, Input=ions, Surface=domains)
        name = f"composition_{key}"
        found = attempt(name, "Composition", {name: 0, f"composition_domains_{key}": 2}, Input=ions, Domains=domains,
                        Copies=copies, Seed=pipeline.settings.seed, **LOCAL, **pipeline.settings.rules)
        if found and output(found, 1).GetNumberOfRows():
            entries[name] = {"sentence": f"{key}: " + field(found, "Composition", 1)[0],
                             "p": number(field(found, "PValue", 1)[0])}
            compare_curves(pipeline, analysis, attempt, found, key)
    return entries


def words_of(fit):
    if output(fit, 3).GetFieldData().HasArray("SpectrumReport"):
        return "Spectrum: " + "; ".join(field(fit, "SpectrumReport", 3))
    return "Spectrum: the peaks fit the natural isotopes"


def compare_curves(pipeline, analysis, attempt, composition, key):
    """z-SDMs of the ions in domains, and of the rest."""
    simple = pipeline.simple
    for name, limits in ("zsdm_domains", (0, 1e18)), ("zsdm_rest", (-1, -1)):
        part = simple.Threshold(Input=simple.OutputPort(composition, 3), Scalars=["POINTS", "DomainId"],
                                LowerThreshold=limits[0], UpperThreshold=limits[1])
        pipeline.made.append(part)
        attempt(f"{name}_{key}", "ComputeZSDM", {f"{name}_{key}": 1}, Input=part,
                Pairs=",".join(analysis.pairs[key]))
