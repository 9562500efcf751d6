"""Several data sets in one comparison: csro_batch.py --states FILE.csv. The file has a line for each data set: `State`
names its state (a heat treatment, a pole), `Results` the folder that csro_batch.py has written of it (relative to the
file), and further columns are measured properties, numbers, and `NAME error` the standard error of NAME."""

import csv
import json
import math
import os

from csro_files import Failure, check_readable
from csro_outputs import columns_of, output

FIRST = ("State", "Results")
MOST_COLUMNS = 200
ERROR = " error"  # of a property, as in "Resistivity error"


def read_list(path):
    """The data sets: [(state, folder)], and the properties as {name: numbers}."""
    check_readable(path)
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            rows = [row for row in csv.reader(file) if any(cell.strip() for cell in row)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise Failure(f"{path}: no table of text with commas: {error}") from None
    names = [name.strip() for name in rows[0]] if rows else []
    if not set(FIRST) <= set(names):
        raise Failure(f"{path}: line 1: expected columns State and Results, found {', '.join(names)[:80] or 'nothing'}")
    if len(names) > MOST_COLUMNS or len(set(names)) < len(names) or "" in names:
        raise Failure(f"{path}: line 1: expected at most {MOST_COLUMNS} columns with names of their own")
    if len(rows) < 2:
        raise Failure(f"{path}: no data sets, expected a line for each")
    table = {name: [] for name in names}
    for line, row in enumerate(rows[1:], 2):
        if len(row) != len(names):
            raise Failure(f"{path}: data set {line - 1}: {len(row)} values, expected {len(names)}")
        for name, cell in zip(names, row):
            table[name].append(cell.strip() if name in FIRST else number_of(cell, name, path, line - 1))
    folder = os.path.dirname(os.path.abspath(path))
    sets = [(state, os.path.join(folder, results)) for state, results in zip(table.pop("State"), table.pop("Results"))]
    return sets, table


def number_of(cell, name, path, data_set):
    if not cell.strip():
        return math.nan
    try:
        value = float(cell)
    except ValueError:
        value = math.inf
    if not math.isfinite(value):
        raise Failure(f"{path}: data set {data_set}: {name} is '{cell.strip()[:40]}', expected a number or nothing")
    return value


def read_summary(folder):
    path = os.path.join(folder, "summary.json")
    check_readable(path)
    try:
        with open(path, encoding="utf-8") as file:
            summary = json.load(file)
        return quantities_of(summary)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        raise Failure(f"{path}: is no summary of csro_batch.py") from None


def quantities_of(summary):
    """The numbers of a summary that states are compared by."""
    ranged = sum(count for name, count in summary["species"].items() if name != "unranged")
    found = {"Ions": summary["ions"]}
    for name, count in summary["species"].items():
        if name != "unranged":
            found[f"Fraction {name}"] = count / ranged if ranged else None
    for pair, entry in summary["pairs"].items():
        found[f"{pair} domains per m3"] = entry["number_density_m3"]
        found[f"{pair} ordered ions"] = entry["ions_extracted"] / summary["ions"] if summary["ions"] else None
        found[f"{pair} largest"] = entry["largest"]
        found[f"{pair} mu"] = entry.get("mu")
    for species, order in summary.get("detect_order", {}).items():
        found[f"{species} DetectOrder domains per m3"] = order["domain_density_m3"]
        found[f"{species} DetectOrder ordered ions"] = order["ordered_ions"] / summary["ions"] if summary["ions"] else None
    return {name: math.nan if value is None else float(value) for name, value in found.items()}


def reliability(values, errors):
    """The share of the variance of a property that is not the error of its measurement; NaN where that is all of it."""
    known = [(value, error) for value, error in zip(values, errors) if value == value and error == error]
    if len(known) < 2:
        return math.nan
    mean = sum(value for value, _ in known) / len(known)
    variance = sum((value - mean) ** 2 for value, _ in known) / (len(known) - 1)
    share = 1 - sum(error ** 2 for _, error in known) / len(known) / variance if variance > 0 else math.nan
    return share if share > 0 else math.nan


def read_states(path):
    """{column: values}, one value for each data set; what a data set does not have is NaN."""
    sets, properties = read_list(path)
    summaries = [read_summary(folder) for _, folder in sets]
    names = list(dict.fromkeys(name for summary in summaries for name in summary))
    return {"State": [state for state, _ in sets],
            **{name: [summary.get(name, math.nan) for summary in summaries] for name in names}, **properties}, list(properties)


def read_columns(path):
    """The columns of states_data.csv."""
    check_readable(path)
    with open(path, newline="", encoding="utf-8-sig") as file:
        names, *rows = csv.reader(file)
    return {name: [row[k] if name == "State" else number_of(row[k], name, path, i) for i, row in enumerate(rows, 1)]
            for k, name in enumerate(names)}


def table_source(simple, columns):
    """A source with these columns."""
    from vtkmodules.vtkCommonCore import vtkDoubleArray, vtkStringArray
    from vtkmodules.vtkCommonDataModel import vtkTable
    table = vtkTable()
    for name, values in columns.items():
        array = vtkStringArray() if isinstance(values[0], str) else vtkDoubleArray()
        array.SetName(name)
        for value in values:
            array.InsertNextValue(value)
        table.AddColumn(array)
    source = simple.TrivialProducer()
    source.GetClientSideObject().SetOutput(table)
    return source


def compare(path):
    """The tables of a comparison, by the names of their files, and the sentences of the differences."""
    from csro_plugin import load_plugin
    from csro_outputs import Watch
    columns, measured = read_states(path)
    errors_of = {name[:-len(ERROR)]: name for name in measured if name.endswith(ERROR) and name[:-len(ERROR)] in measured}
    properties = [name for name in measured if name not in errors_of.values()]
    apt = load_plugin()
    source = table_source(apt.simple, {name: values for name, values in columns.items() if name not in errors_of.values()})
    tables = {"states_data": columns}
    sentences = []
    for name in properties or [""]:
        errors = []
        compared = apt.CompareStates(Input=source, PropertyColumn=name)
        Watch(compared, errors)
        compared.UpdatePipeline()
        if errors:
            raise Failure(errors[0])
        if "states" not in tables:
            tables["states"] = columns_of(output(compared, 0))
            tables["states_differences"] = columns_of(output(compared, 1))
        correlations = columns_of(output(compared, 2))
        if name:
            share = reliability(columns[name], columns[errors_of[name]]) if name in errors_of else math.nan
            correlations["Reliability"] = [share] * len(correlations["R"])
            correlations["RTrue"] = [max(-1.0, min(1.0, r / share ** 0.5)) if r == r and share == share else math.nan
                                     for r in correlations["R"]]
            known = tables.setdefault("states_correlations", {key: [] for key in correlations})
            for key, values in correlations.items():
                known[key] += [value for value, quantity in zip(values, correlations["Quantity"]) if quantity not in properties]
        apt.simple.Delete(compared)
    differences = tables["states_differences"]
    sentences = [f"{quantity}: {sentence}" for quantity, sentence in zip(differences["Quantity"], differences["Sentence"])
                 if quantity not in properties]
    return tables, sentences
