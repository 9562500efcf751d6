"""Composition, spectrum, clusters, profiles and proximity of an analysis: what has other tables than csro_statistics. Used by csro_pipeline.py with --statistics."""

from csro_outputs import columns_of, field, number, output
from csro_statistics import title_of

LOCAL = {"Background": "Local"}  # follows noise of any kind
SEPARATION_TABLES = {"maximum_separation": 3, "maximum_separation_clusters": 1}
SWEEP = {"Distances": [0.2, 0.4], "Steps": 4}  # few: it takes longer than the others
SWEEP_COPIES = 2
ALONG = "Along z"  # of the density map
FIT_TABLES = {"spectrum_fit": 3, "spectrum_fit_ions": 2, "spectrum_fit_ranges": 1, "spectrum_fit_peaks": 4}


def composed(pipeline, analysis, copies):
    """What summary.json says about them: a sentence and p, or the error of each. Adds the tables to
    analysis.tables: (filter, output) by name."""
    entries = {}

    def attempt(name, proxy, tables, **properties):
        found, error = pipeline.attempt("statistics", proxy, 0, **properties)
        if error:
            entries[name] = {"error": error}
        else:
            pipeline.named(title_of(name), found)
            analysis.tables.update({table: (found, port) for table, port in tables.items()})
        return found

    ions = analysis.ions
    fit = attempt("spectrum_fit", "SpectrumFit", FIT_TABLES, Input=ions, **LOCAL)
    if fit:
        entries["spectrum_fit"] = fit_entry(fit)
    seed = pipeline.settings.seed
    separation = attempt("maximum_separation", "MaximumSeparation", SEPARATION_TABLES, Input=ions, Copies=copies, Seed=seed)
    if separation:
        entries["maximum_separation"] = separation_entry(separation)
    attempt("cluster_sweep", "ClusterSweep", {"cluster_sweep": 0}, Input=ions, Copies=min(copies, SWEEP_COPIES), Seed=seed,
            **SWEEP)
    density = attempt("density_map", "DensityMaps", {"density_map": 0}, Input=ions, Projection=ALONG)
    if density:
        entries["density_map"] = density_entry(density)
    for key, domains in analysis.domains.items():
        attempt(f"profile_{key}", "Profile", {f"profile_{key}": 0}, Input=ions, Domains=domains)
        attempt(f"proximity_{key}", "ProximityHistogram", {f"proximity_{key}": 0}, Input=ions, Surface=domains)
        name = f"composition_{key}"
        found = attempt(name, "Composition", {name: 0, f"composition_domains_{key}": 2}, Input=ions, Domains=domains,
                        Copies=copies, Seed=seed, **LOCAL, **pipeline.settings.rules)
        if found and output(found, 1).GetNumberOfRows():
            entries[name] = composition_entry(found, key)
            compare_curves(pipeline, analysis, attempt, found, key)
    return entries


def found_tables(those, domains):
    """The same tables and sentences of filters that are there: those(name of a filter) are its proxies that have rows,
    domains by key. Filters of other domains do not count."""
    tables, entries = {}, {}
    for fit in those("SpectrumFit"):
        entries["spectrum_fit"] = fit_entry(fit)
        tables.update({table: (fit, port) for table, port in FIT_TABLES.items()})
    for separation in those("MaximumSeparation", 3):
        entries["maximum_separation"] = separation_entry(separation)
        tables.update({table: (separation, port) for table, port in SEPARATION_TABLES.items()})
    for sweep in those("ClusterSweep"):
        tables["cluster_sweep"] = (sweep, 0)
    for density in those("DensityMaps"):
        if density.Projection == ALONG:
            entries["density_map"] = density_entry(density)
            tables["density_map"] = (density, 0)
    for kind, of, name in (("Profile", "Domains", "profile"), ("ProximityHistogram", "Surface", "proximity"),
                           ("Composition", "Domains", "composition")):
        for proxy in those(kind):
            for key, each in domains.items():
                source = getattr(proxy, of)
                if source is None or source.SMProxy.GetGlobalID() != each.SMProxy.GetGlobalID():
                    continue
                tables[f"{name}_{key}"] = (proxy, 0)
                if name == "composition" and output(proxy, 1).GetNumberOfRows():
                    tables[f"composition_domains_{key}"] = (proxy, 2)
                    entries[f"composition_{key}"] = composition_entry(proxy, key)
    return tables, entries


def density_entry(density):
    """A sentence; p is none, for a map is no test."""
    columns = columns_of(output(density))
    values = sorted(value for value, ions in zip(columns["Density_nm2"], columns["Ions"]) if ions > 0)
    low, middle, high = (values[int(part * (len(values) - 1))] if values else 0 for part in (0.25, 0.5, 0.75))
    return {"sentence": f"Density along z: half of the cells of {density.Spacing:g} nm have {low:.4g} to {high:.4g} ions per nm2 "
                        f"(median {middle:.4g})", "p": None}


def fit_entry(fit):
    return {"sentence": words_of(fit), "p": number(field(fit, "FitP", 3)[0])}


def separation_entry(separation):
    row = columns_of(output(separation, 3))
    return {"sentence": row["Sentence"][0], "p": number(row["DomainsPValue"][0])}


def composition_entry(composition, key):
    return {"sentence": f"{key}: " + field(composition, "Composition", 1)[0], "p": number(field(composition, "PValue", 1)[0])}


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
                Pairs=",".join(field(analysis.domains[key], "CSRO_Score")[1:]))
