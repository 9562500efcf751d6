"""Statistics of the whole of the ions, each a filter with a table. Used by csro_pipeline.py."""

from csro_outputs import field, number

# Name in summary.json and of the table, filter, its properties, the field arrays with a sentence and with p.
STATISTICS = (
    ("order_parameters_shells", "OrderParameters", {"By": "Radial shells"}, "OrderParameters", "PValue"),
    ("order_parameters_nearest", "OrderParameters", {"By": "Nearest neighbours"}, "OrderParameters", "PValue"),
    ("order_parameters_planes", "OrderParameters", {"By": "Plane offsets"}, "OrderParameters", "PValue"),
    ("nearest_neighbours", "NearestNeighbours", {}, "NearestNeighbours", "PValue"),
    ("radial_distribution", "RadialDistribution", {"Reach": 1.5, "Bins": 30}, "RadialDistribution", "PValue"),
    ("frequency_distribution", "FrequencyDistribution", {}, "FrequencyDistribution", "PValue"),
    ("spatial_map_z", "SpatialMaps", {"Axes": "z"}, "SpatialMaps", "PValue"),
)


def measured(pipeline, analysis, copies):
    """What summary.json says about them: a sentence and p, or the error of each."""
    settings = pipeline.settings
    within = {name: value for name, value in settings.rules.items() if name != "Exchange"}
    entries = {}
    for name, proxy, properties, sentence, p in STATISTICS:
        found, error = pipeline.attempt("statistics", proxy, 1 / len(STATISTICS), Input=analysis.ions, Copies=copies,
                                        Seed=settings.seed, **within, **properties)
        if error:
            entries[name] = {"error": error}
            continue
        analysis.statistics[name] = pipeline.named(title_of(name), found)
        entries[name] = entry_of(found, sentence, p)
    return entries


def title_of(name):
    """What a filter is called in the pipeline browser."""
    return name[0].upper() + name[1:].replace("_", " ")


def entry_of(statistic, sentence, p):
    return {"sentence": field(statistic, sentence)[0], "p": number(field(statistic, p)[0])}


def found_statistics(those):
    """The same of filters that are there: filters by name, and what summary.json says about them. those(name of a
    filter) are its proxies that have rows."""
    statistics, entries = {}, {}
    for name, kind, properties, *said in STATISTICS:
        for proxy in those(kind):
            if all(getattr(proxy, key) == value for key, value in properties.items()):
                statistics[name], entries[name] = proxy, entry_of(proxy, *said)
    return statistics, entries

