"""What Detect Order would have found: domains are planted into the ions, and searched for."""

from csro_files import Failure
from csro_outputs import columns_of, field, finite, number, output

INJECTIONS = 5  # at most, of each
PLANTED = 400  # domains of unknown order, and again of that which is found
DIAMETERS = [1.0, 1.3, 1.6, 2.0, 3.0, 5.0, 8.0, 12.0]  # nm, edges of size classes
PLANTED_DENSITY, PLANTED_SHARE = 0.015, 0.03  # per nm^3, and of the volume, at most
ANY_ORDER, AROUND_ORDER = [0.3, 1], 0.1
SENSITIVITY = ("from_nm", "to_nm", "planted", "recall", "recall_low", "recall_high", "density_m3", "density_low_m3",
               "density_high_m3")


def sensitive(pipeline, analysis):
    """What summary.json says about the sensitivity, for each kind of order that Detect Order has looked for."""
    entries = {}
    searched = [(name, period, order, len(field(order, "OrderSpecies", 1))) for order in analysis.ordered.values()
                for name in field(order, "OrderSpecies", 1) for period in periods_of(order, name)]
    for species, period, order, together in searched:
        name = planted_name(species, period)
        made = len(pipeline.made)
        try:
            alone = order if together == 1 else pipeline.detect("sensitivity", analysis.ions, analysis.voxels,
                                                                     species, 0)
            entries[name] = sensitivity_of(pipeline, analysis, alone, species, period, 1 / len(searched))
        except Failure as failure:
            pipeline.errors.clear()
            pipeline.meter.end()
            entries[name] = {"error": str(failure)}
        pipeline.release(*reversed(pipeline.made[made:]))
    return entries


def periods_of(order, species):
    """The periods, in planes, of the order that was found of a species; 2 where none was."""
    kinds = columns_of(output(order, 3))
    rows = zip(kinds["Species"], kinds["Period_planes"], kinds["Verdict"], kinds["Searched"])
    return [period for name, period, verdict, searched in rows if name == species and searched and verdict == "ordered"] or [2]


def planted_name(species, period):
    return species if period == 2 else f"{species}, period {period}"


def sensitivity_of(pipeline, analysis, order, species, period, share):
    """Domains planted until there are enough, and what is found of them."""
    low, high = order.Diameter
    domains = columns_of(output(order, 2))
    reported = sorted(diameter for diameter, planes in zip(domains["Diameter_nm"], domains["Period_planes"]) if planes == period)
    high = max([high, *reported[19 * len(reported) // 20:][:1]])  # but the largest twentieth: those that merged
    cube = (high ** 4 - low ** 4) / (4 * (high - low))  # mean of the cubes of the diameters
    density = min(PLANTED_DENSITY, PLANTED_SHARE / (0.5236 * cube))
    runs = []

    def plant(strength):
        """More domains of this order, and what is known then."""
        begin, planted = len(runs), 0
        while len(runs) - begin < INJECTIONS and planted < PLANTED:
            runs.append(pipeline.inject(
                analysis.ions, analysis.voxels, order, species, pipeline.settings.seed + len(runs),
                share / (2 * INJECTIONS), Density=density, Diameter=[low, high], Order=strength, Period=period))
            planted += len(columns_of(output(runs[-1][0], 1))["Domain"])
        port = pipeline.simple.OutputPort
        return pipeline.update(
            "sensitivity", "Sensitivity", 0, Input=port(order, 2), Planted=[port(injected, 1) for injected, _ in runs],
            DomainIons=[port(search, 1) for _, search in runs], Domains=[port(search, 2) for _, search in runs],
            DiameterEdges=[edge for edge in DIAMETERS if low < edge < high])

    strength = field(plant(ANY_ORDER), "Order")[0]
    strength = strength if strength == strength else 1
    half = min(AROUND_ORDER, 1 - strength)
    found = plant([max(strength - half, ANY_ORDER[0]), strength + half])
    return sensitivity_of_runs(found, [injected for injected, _ in runs])


def sensitivity_of_runs(found, injected):
    """What Sensitivity says, which rests on these proxies of Inject Order."""
    rows = [{key: finite(value) for key, value in zip(SENSITIVITY, row)}
            for row in zip(*columns_of(output(found)).values())]
    for row in rows:
        row.update({key: row[key] and row[key] * 1e27 for key in SENSITIVITY if key.endswith("_m3")})
    return {"sentence": field(found, "Sensitivity")[0], "level": found.Level, "injections": len(injected),
            "planted": sum(len(columns_of(output(planted, 1))["Domain"]) for planted in injected),
            "order": [number(value) for value in field(found, "Order")],
            "detection_limit_nm": [number(value) for value in field(found, "DetectionLimit_nm")], "classes": rows}
