"""What a report is about, as one dictionary of numbers and texts (report.json): results, tables, curves, and where they come
from: files with checksums, every filter with its parameters, versions, seeds. csro_report.py makes a page of it."""

import hashlib
import os
import platform
import time

import csro_report_theory
from csro_files import Failure
from csro_outputs import columns_of, field, number, output

SPECTRUM_POINTS = 900  # of more bins the highest in a row is kept
MEASURED = ("seconds", "peak_memory_bytes")  # another number in each run: summary.json has them


def make(analysis, command=None):
    """The record of an analysis: of csro_pipeline.analyse, or of csro_browser.analysis."""
    steps, files = provenance(analysis.proxies)
    files += [{"path": path, "step": "a randomised copy", **checksum(path)} for path in analysis.copy_files]
    every = with_upstream(analysis.proxies)
    theory = csro_report_theory.tables(every, table_of)
    return {
        "format": "apt-csro-report-1",
        "title": os.path.basename(files[0]["path"]) if files else "a simulated alloy" if theory else "built-in specimen",
        "date": date(),
        "provenance": {"software": software(analysis.results["version"]), "command": command, "files": files,
                       "model": model_of(analysis), "copy_seeds": copy_seeds(analysis), "steps": steps},
        "results": {key: value for key, value in analysis.results.items() if key not in MEASURED},
        "bounds_nm": bounds_of(analysis.ions),
        "species_colors": colors_of(analysis.ions),
        "spectrum": spectrum_of(analysis),
        "curves": table_of(analysis.curves, 1) if analysis.curves else None,
        "curves_of": dict(analysis.pairs),
        "domains": {key: table_of(domains, 1) for key, domains in analysis.domains.items()},
        "ordered_domains": {key: table_of(order, 2) for key, order in analysis.ordered.items()},
        "statistics": {**{name: table_of(proxy, 0) for name, proxy in analysis.statistics.items()},
                       **{name: table_of(proxy, port) for name, (proxy, port) in analysis.tables.items()}},
        "theory": theory,
        "interactions": csro_report_theory.interactions(every, texts_of),
    }


def date():
    """Now, or what SOURCE_DATE_EPOCH says, so that a second run gives the same file."""
    seconds = os.environ.get("SOURCE_DATE_EPOCH", "")
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int(seconds) if seconds.isdigit() else None))


def software(version):
    from paraview import servermanager
    from vtkmodules.vtkCommonCore import vtkVersion
    return {"APT-CSRO": version,
            "ParaView": servermanager.vtkSMProxyManager.GetParaViewSourceVersion().replace("paraview version ", ""),
            "VTK": vtkVersion.GetVTKVersion(), "Python": platform.python_version(),
            "system": f"{platform.system()} {platform.machine()}"}


# --- where it comes from ---


def inputs_of(proxy):
    """Proxies that a proxy reads from, and the ports."""
    from paraview import servermanager
    found = []
    for name in proxy.ListProperties():
        inputs = proxy.GetProperty(name).SMProperty
        if inputs.IsA("vtkSMInputProperty"):
            found += [(servermanager._getPyProxy(inputs.GetProxy(i)), inputs.GetOutputPortForConnection(i))
                      for i in range(inputs.GetNumberOfProxies())]
    return found


def with_upstream(proxies):
    """The proxies and all that they read from, each after its inputs."""
    ordered = {}

    def visit(proxy):
        if identity(proxy) not in ordered:
            for source, _ in inputs_of(proxy):
                visit(source)
            ordered[identity(proxy)] = proxy

    for proxy in proxies:
        visit(proxy)
    return list(ordered.values())


def identity(proxy):
    return proxy.SMProxy.GetGlobalID()


def provenance(proxies):
    """The filters with their parameters, and the files that they read."""
    every = with_upstream(proxies)
    names = {identity(proxy): f"{k} {proxy.SMProxy.GetXMLLabel()}" for k, proxy in enumerate(every, 1)}
    steps, files = [], []
    for proxy in every:
        read = [path for path in files_of(proxy) if path not in [file["path"] for file in files]]
        files += [{"path": path, "step": names[identity(proxy)], **checksum(path)} for path in read]
        inputs = dict.fromkeys(names[identity(source)] for source, _ in inputs_of(proxy))
        steps.append({"step": names[identity(proxy)], "filter": proxy.SMProxy.GetXMLName(), "inputs": list(inputs),
                      "parameters": parameters_of(proxy)})
    return steps, files


def model_of(analysis):
    """Name and fingerprint of the weights of the networks that gave the probabilities, as the domain ions carry them."""
    for domains in analysis.domains.values():
        fields = output(domains).GetFieldData().GetAbstractArray("CSRO_Model")
        if fields:
            return {"name": fields.GetValue(0), "fingerprint": fields.GetValue(2)}
    return None


def copy_seeds(analysis):
    """Of the randomised copies that Compare Domains has made."""
    made = [columns_of(output(comparison, 2)) for comparison in analysis.comparison.values()]
    return sorted({seed for table in made for seed in table.get("Seed", ())})


def is_file(prop):
    return bool(prop.FindDomain("vtkSMFileListDomain"))


def values_of(proxy, name):
    data = proxy.GetProperty(name).GetData()
    return data if isinstance(data, (str, int, float)) or data is None else list(data)


def files_of(proxy):
    found = []
    for name in proxy.ListProperties():
        if is_file(proxy.GetProperty(name).SMProperty):
            values = values_of(proxy, name)
            found += [value for value in ([values] if isinstance(values, str) else values or []) if value]
    return found


def checksum(path):
    try:
        whole = hashlib.sha256()
        with open(path, "rb") as file:
            for block in iter(lambda: file.read(1 << 20), b""):
                whole.update(block)
            return {"bytes": file.tell(), "sha256": whole.hexdigest()}
    except OSError as error:
        raise Failure(f"{path}: {error.strerror}") from None


def parameters_of(proxy):
    """All settings that a user may choose; files without their folders."""
    found = []
    for name in proxy.ListProperties():
        prop = proxy.GetProperty(name).SMProperty
        if prop.GetInformationOnly() or not prop.IsA("vtkSMVectorProperty"):  # inputs, and commands
            continue
        value = values_of(proxy, name)
        if is_file(prop):
            value = [os.path.basename(path) for path in ([value] if isinstance(value, str) else value or [])]
        found.append({"name": name, "value": value, "unit": unit_of(prop),
                      "is_default": bool(prop.IsValueDefault()) or value == []})
    return found


def unit_of(prop):
    """As the panel has it, or None."""
    hints = prop.GetHints()
    unit = hints and hints.FindNestedElementByName("Unit")
    return unit.GetAttribute("name") if unit else None


# --- what was found ---


def bounds_of(ions):
    """x0, x1, y0, y1, z0, z1."""
    bounds = ions.GetDataInformation().GetBounds()
    return list(bounds) if bounds[0] <= bounds[1] else None


def colors_of(ions):
    """Of the species, as the range file has them: red, green, blue from 0 to 1."""
    fields = output(ions).GetFieldData()
    if not (fields.GetAbstractArray("SpeciesNames") and fields.GetAbstractArray("SpeciesColors")):
        return {}
    values = field(ions, "SpeciesColors")
    return {name: values[3 * k:3 * k + 3] for k, name in enumerate(field(ions, "SpeciesNames"))}


def table_of(proxy, port):
    return {name: [number(value) for value in values] for name, values in columns_of(output(proxy, port)).items()}


def texts_of(proxy, name):
    """A field array, empty where there is none."""
    return field(proxy, name) if output(proxy).GetFieldData().GetAbstractArray(name) else []


def spectrum_of(analysis):
    """The mass spectrum of ions that have masses: the highest bin of a few in a row."""
    ions = analysis.ions
    if not analysis.classified or not ions.GetPointDataInformation().GetArray("MassToCharge"):
        return None
    from csro_plugin import load_plugin
    from paraview.simple import Delete
    made = load_plugin().MassSpectrum(Input=ions)
    made.UpdatePipeline()
    table = columns_of(output(made))
    width = made.BinWidth
    Delete(made)
    masses = table.pop("MassToCharge_Da")
    row = -(-len(masses) // SPECTRUM_POINTS)
    parts = range(0, len(masses), row)
    return {"bin_width_da": width, "bins_per_point": row, "mass_da": [round(masses[k], 6) for k in parts],
            "counts": {name: [max(values[k:k + row]) for k in parts] for name, values in table.items()}}
