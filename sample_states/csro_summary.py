"""What summary.json says about what the filters have found."""

from csro_outputs import columns_of, field, number, output, points_of

STATISTICS = (  # in summary.json; columns of Compare Domains: of the data, of the copies
    ("domains", "Domains", "Domains"), ("ordered_ions", "OrderedIons", "OrderedIons"),
    ("largest", "LargestDomain", "LargestDomain"), ("mu", "MuMean", "Mu"))


def decide(pairs):
    """The number of domains decides: its p, corrected for the number of pairs (Holm, Scand. J. Statist. 6 (1979) 65),
    goes into the entries and their sentences."""
    tested = [(entry["statistics"]["domains"]["p"], entry) for entry in pairs.values() if entry["copies"]]
    largest = 0
    for rank, (p, entry) in enumerate(sorted(tested, key=lambda test: test[0])):
        largest = max(largest, min(1, (len(tested) - rank) * p))
        entry["p_holm"] = largest
        if len(tested) > 1:
            entry["sentence"] += f" Holm-corrected over {len(tested)} pairs p = {largest:.3g}."


def statistics(row, copies):
    """What summary.json says about a comparison."""
    value = {name: number(column[0]) for name, column in row.items()}
    found = {"number_density_m3": value["NumberDensity_m3"]}
    if copies:
        found.update(
            pcc=value["PCC"], chi2=value["Chi2"], bins_used=value["BinsUsed"], n_total=value["NTotal"],
            mu=value["Mu"],
            mu_null={"mean": value["MuNullMean"], "p95": value["MuNullP95"], "p_value": value["MuPValue"]},
            statistics={key: {"value": value[of_data], "copies_mean": value[f"{name}NullMean"],
                              "band": [value[f"{name}NullP5"], value[f"{name}NullP95"]], "p": value[f"{name}PValue"]}
                        for key, of_data, name in STATISTICS})
    found["sentence"] = value["Sentence"]
    return found


def domain_counts(domains):
    """What summary.json says about one set of domains."""
    sizes = columns_of(output(domains, 1))["Size"]
    extracted = points_of(domains)
    return {
        "ions_extracted": extracted,
        "domains": len(sizes),
        "noise": extracted - sum(sizes),
        "largest": max(sizes, default=0),
        "size_histogram": columns_of(output(domains, 2))["Domains"],
    }


def scores_of(classified):
    """[(name of the score, key in summary.json, its pairs)]. Names of arrays cannot be taken apart
    (species may have any name): the pixels say what each of their scores is about."""
    cells = output(classified, 1).GetCellData()
    names = [cells.GetArrayName(i) for i in range(cells.GetNumberOfArrays())]
    names = [name for name in names if name.startswith("Score_")]
    classes = field(classified, "ScoreClasses", 1)
    pairs = field(classified, "ScorePairs", 1)
    channels = len(pairs) // len(names)
    scores = []
    for i, (name, label) in enumerate(zip(names, classes)):
        own = pairs[channels * i:channels * (i + 1)]
        key = "+".join(own)
        scores.append((name, f"{key}:{label}" if len(set(classes)) > 1 else key, own))
    return scores


def score_counts(curves, classified, score, pairs):
    """Counts of the steps before clustering."""
    suffix = score[len("Score_"):]
    table = output(curves, 1)  # dz, then one column per pair, and in this order the sums
    fields = table.GetFieldData()
    names = [fields.GetArrayName(i) for i in range(fields.GetNumberOfArrays())]
    sums = [name for name in names if name.startswith("CountSum_")]
    sum_of = {table.GetColumnName(i + 1): field(curves, name, 1)[0] for i, name in enumerate(sums)}
    return {"voxels_defined": field(classified, f"VoxelsDefined_{suffix}")[0],
            "voxels_overflowed": field(classified, f"VoxelsOverflowed_{suffix}")[0],
            "zsdm_count_sum": sum(sum_of[pair] for pair in pairs)}


COLUMNS_OF_COPIES = {"voxels_defined": "VoxelsDefined", "voxels_overflowed": "VoxelsOverflowed",
                     "zsdm_count_sum": "CountSum", "pixels_selected": "PixelsSelected",
                     "ions_extracted": "IonsExtracted", "domains": "Domains", "noise": "Noise", "largest": "Largest"}


def copy_counts(comparison):
    """What summary.json says about the domains of each copy that Compare Domains has made."""
    table = columns_of(output(comparison, 2))
    histograms = columns_of(output(comparison, 1))
    return [{**{key: table[column][i] for key, column in COLUMNS_OF_COPIES.items()},
             "size_histogram": histograms[f"Copy {i + 1}"]} for i in range(len(table["Copy"]))]


def order_kinds(order):
    """What summary.json says about the kinds of order: in words, and the table."""
    table = columns_of(output(order, 3))
    names = [name.lower() for name in table]
    rows = [dict(zip(names, row)) for row in zip(*table.values())]
    return {"found": field(order, "OrderFound", 1)[0], "rows": [{**row, "searched": bool(row["searched"])} for row in rows]}


def order_counts(order, index, species):
    """What summary.json says about the domains of one of the species that Detect Order has searched."""
    table = columns_of(output(order, 2))
    own = [row for row, name in enumerate(table["RichSpecies"]) if name == species]
    fields = output(order, 1).GetFieldData()

    def value(name, index=0):
        return number(fields.GetArray(name).GetValue(index))

    def largest(name):
        return max((table[name][row] for row in own), default=None) if name in table else None

    return {
        "verdict": fields.GetAbstractArray("OrderVerdict").GetValue(index),
        "order_p": value("OrderP", index),
        "domains": len(own),
        "ordered_ions": sum(table["Size"][row] for row in own),
        "largest": largest("Size") or 0,
        "fdr_level": order.GetProperty("FDR").GetElement(0),
        "fdr": largest("FDR"),
        "domains_by_chance": largest("ChanceCount"),
        "domain_density_m3": value("DomainDensity_nm3", index) * 1e27,
        "order_strength": value("OrderStrength", index),
        "order_strength_low": value("OrderStrengthLow", index),
        "order_strength_high": value("OrderStrengthHigh", index),
        "smallest_detectable_nm": value("SmallestDetectable_nm", index),
        "sigma_xy_nm": value("SigmaXY_nm"),
        "sigma_xy_low_nm": value("SigmaXYLow_nm"),
        "sigma_xy_high_nm": value("SigmaXYHigh_nm"),
        "sigma_xy_source": fields.GetAbstractArray("SigmaXYSource").GetValue(0),
        "sigma_z_nm": value("SigmaZ_nm"),
        "plane_coherence": value("PlaneCoherence"),
        "plane_share": value("PlaneShare"),
    }


def planes_of(pole):
    """What summary.json says about the lattice planes: the table of Find Pole, and the rotation row by row."""
    matrix = output(pole).GetFieldData().GetArray("PoleMatrix")
    return {**{name: number(values[0]) for name, values in columns_of(output(pole, 2)).items()},
            "matrix": [[matrix.GetValue(4 * row + column) for column in range(4)] for row in range(4)]}


def quality_of(quality):
    """What summary.json says about the data: Data Quality's line for the whole, and its table."""
    table = columns_of(output(quality))
    rows = [dict(zip((name.lower() for name in table), row)) for row in zip(*table.values())]
    for row in rows:
        row.update({name: number(row[name]) for name in ("value", "low", "high")})
    return {"verdict": field(quality, "DataQuality")[0], "rows": rows}


def true_order(specimen):
    """Of the configuration that a specimen was made of: alpha = 1 - p / c of its nearest neighbours."""
    table = columns_of(output(specimen, 1))
    return {"distance_nm": table["Distance_nm"][0], "alpha": dict(zip(table["Pair"], table["Alpha"]))}
