"""The analysis that stands in the pipeline browser of the window, for a report on it: what analyse returns,
found among the filters that are there. Runs where the data are, as csro_pipeline does."""

import os
from types import SimpleNamespace

from csro_compositions import found_tables
from csro_files import Failure
from csro_outputs import columns_of, field, information, output, points_of
from csro_record import identity, inputs_of, with_upstream
from csro_report_theory import TABLES
from csro_sensitivity import planted_name, sensitivity_of_runs
from csro_settings import exchange_of
from csro_statistics import found_statistics
from csro_summary import copy_counts, decide, domain_counts, order_counts, order_kinds, planes_of, quality_of, statistics

CHANGED = ("RandomizeIons", "InjectOrder")  # what follows them is of other ions
ENDS = ("ClusterDomains", "DetectOrder")  # of an analysis
NOTHING = ("there is nothing to report yet: make an analysis first, with CSRO > CSRO Analysis or with Cluster Domains or "
           "Detect Order; or apply a filter of theory, such as Lattice Monte Carlo")


def analysis():
    """That of the selected source or filter, or the only one that is there."""
    from paraview import simple
    if simple.servermanager.ActiveConnection.IsRemote():
        raise Failure("the data are on a server: run csro_batch.py --report there")
    proxies = list(simple.GetSources().values())
    if not any(kind(proxy) in ENDS for proxy in proxies):
        found = [proxy for proxy in proxies for _, name, port in TABLES if kind(proxy) == name and has_rows(proxy, port)]
        if found:
            return Theory(list({identity(proxy): proxy for proxy in found}.values()))
    return Found(members_of(proxies, simple.GetActiveSource()))


def kind(proxy):
    return proxy.SMProxy.GetXMLName()


def members_of(proxies, selected):
    """Proxies that rest on the same ions as the selected one."""
    above = {identity(proxy): {identity(each) for each in with_upstream([proxy])} for proxy in proxies}
    by_id = {identity(proxy): proxy for proxy in proxies}

    def rests_on_changed(key):
        return any(kind(by_id[each]) in CHANGED for each in above[key] if each in by_id)

    ends = [key for key, proxy in by_id.items() if kind(proxy) in ENDS and not rests_on_changed(key)]
    roots = {key: next((each for each in map(identity, with_upstream([by_id[key]])) if len(above.get(each, ())) == 1), None)
             for key in above}
    wanted = {roots[key] for key in ends}
    if len(wanted) > 1:
        wanted &= {roots[identity(selected)]} if selected is not None and identity(selected) in roots else set()
        if not wanted:
            raise Failure("there is more than one analysis: select the ions or a filter of the one to report")
    return [proxy for key, proxy in by_id.items() if roots[key] in wanted and
            (not rests_on_changed(key) or kind(proxy) in ("Sensitivity", "CompareDomains"))]


def has_field(proxy, name, port=0):
    data = output(proxy, port)
    return data is not None and data.GetFieldData().GetAbstractArray(name) is not None


def has_rows(proxy, port=0):
    data = output(proxy, port)
    if data is not None and data.IsA("vtkImageData"):
        return data.GetNumberOfPoints() > 0
    return data is not None and data.IsA("vtkTable") and data.GetNumberOfRows() > 0


class Found:
    """Attributes as those of Analysis."""

    def __init__(self, members):
        def those(name, is_ready):
            return [proxy for proxy in members if kind(proxy) == name and is_ready(proxy)]

        first = SimpleNamespace(**{name: (those(proxy, ready) or [None])[0] for name, proxy, ready in (
            ("quality", "DataQuality", has_rows), ("pole", "FindPole", lambda each: has_rows(each, 2)),
            ("voxels", "VoxelizeAPT", lambda each: has_field(each, "SpeciesCounts")),
            ("curves", "ComputeZSDM", lambda each: has_rows(each, 1)),
            ("classified", "ClassifyCSRO", lambda each: has_field(each, "ScoreClasses", 1)))})
        if first.classified:  # there may be z-SDMs of parts of the ions, too
            above = {kind(proxy): proxy for proxy in with_upstream([first.classified])}
            first.voxels, first.curves = above.get("VoxelizeAPT", first.voxels), above.get("ComputeZSDM", first.curves)
        self.voxels, self.curves, self.classified = first.voxels, first.curves, first.classified
        clustered = those("ClusterDomains", lambda each: has_field(each, "CSRO_Eps_nm"))
        orders = those("DetectOrder", lambda each: has_field(each, "OrderSpecies", 1))
        if not clustered and not orders:
            raise Failure(NOTHING)
        self.domains = {}
        for proxy in clustered:
            self.domains[unused(name_of(proxy), self.domains)] = proxy
        self.pairs = {key: score_of(proxy)[1:] for key, proxy in self.domains.items()}
        self.ordered = {"+".join(field(proxy, "OrderSpecies", 1)): proxy for proxy in reversed(orders)}
        compared = those("CompareDomains", has_rows)
        self.comparison = {key: each for key, proxy in self.domains.items() for each in compared
                           if any(identity(source) == identity(proxy) for source, _ in inputs_of(each))}
        self.copy_files = []
        self.ions = self._ions()
        def with_rows(name, port=0):
            return those(name, lambda each: has_rows(each, port))

        self.statistics, said = found_statistics(with_rows)
        self.tables, of_domains = found_tables(with_rows, self.domains)
        sensitivities = those("Sensitivity", has_rows)
        measured = {identity(proxy): proxy for proxy in (*self.statistics.values(), *(proxy for proxy, _ in self.tables.values()))}
        self.proxies = [proxy for proxy in (*vars(first).values(), *self.domains.values(), *self.ordered.values(),
                                            *self.comparison.values(), *sensitivities, *measured.values(),
                                            *those("DiffuseIntensity", lambda each: has_rows(each, 3))) if proxy]
        self.results = self._results(first, sensitivities)
        if said or of_domains:
            self.results["statistics"] = {**said, **of_domains}

    def _ions(self):
        """The ions of the first filter of the chain."""
        chain = [self.voxels, *self.domains.values(), *self.ordered.values()]
        return next(source for proxy in chain if proxy for source, _ in inputs_of(proxy))

    def _results(self, first, sensitivities):
        last = [*self.domains.values(), *self.ordered.values()][-1]
        pairs = {key: self._entry(key) for key in self.domains}
        decide({key: entry for key, entry in pairs.items() if entry["copies"]})
        found = {"version": information(last, "Version")}
        if sensitivities:
            found["sensitivity"] = {planted_species(each): sensitivity_of(each) for each in sensitivities}
        if first.quality:
            found["quality"] = quality_of(first.quality)
        found.update(ions=points_of(self.ions), species=species_of(self.voxels), ranks=1,
                     threads=information(last, "ThreadsUsed"), warnings=None, pairs=pairs)
        made = [each for each in self.comparison.values() if copy_counts(each)]
        if made:
            found.update(rules_of(made[0]))
        if self.ordered:
            order = next(iter(self.ordered.values()))
            found["detect_order"] = {name: order_counts(order, k, name)
                                     for order in self.ordered.values() for k, name in enumerate(field(order, "OrderSpecies", 1))}
            found["order_kinds"] = order_kinds(order)
        if first.pole:
            found["pole"] = planes_of(first.pole)
        return found

    def _entry(self, key):
        counts = domain_counts(self.domains[key])
        comparison = self.comparison.get(key)
        if not comparison:
            return {**counts, "copies": [], "number_density_m3": None,
                    "sentence": f"{counts['domains']} domains, which are not compared with randomised copies: alone they are "
                                "no evidence of order."}
        copies = copy_counts(comparison) or given_copies(comparison)
        return {**counts, "copies": copies, **statistics(columns_of(output(comparison)), copies)}


class Theory:
    """Filters of theory without an analysis of ions. Attributes as those of Analysis."""

    def __init__(self, proxies):
        self.proxies = proxies
        self.voxels = self.curves = self.classified = None
        self.domains, self.pairs, self.ordered, self.comparison, self.statistics, self.tables = ({} for _ in range(6))
        self.copy_files = []
        self.ions = with_upstream(proxies)[0]
        self.results = {"version": information(proxies[-1], "Version"), "ions": points_of(self.ions), "species": {}, "ranks": 1,
                        "threads": information(proxies[-1], "ThreadsUsed"), "warnings": None, "pairs": {}}


def score_of(domains):
    """The class and the pairs of the score by which domains were extracted; of others their name."""
    return field(domains, "CSRO_Score") if has_field(domains, "CSRO_Score") else [registered_name(domains)]


def name_of(domains):
    score = score_of(domains)
    return "+".join(score[1:]) or score[0]


def unused(name, taken):
    return name if name not in taken else next(text for k in range(2, 10000) if (text := f"{name} ({k})") not in taken)


def registered_name(proxy):
    from paraview import servermanager
    return servermanager.ProxyManager().GetProxyName("sources", proxy)


def species_of(voxels):
    return dict(zip(field(voxels, "SpeciesNames"), field(voxels, "SpeciesCounts"))) if voxels else {}


def rules_of(comparison):
    return exchange_of({
        "Exchange": comparison.Exchange,
        **({"NeighbourhoodIons": comparison.NeighbourhoodIons} if comparison.Within == "Neighbourhoods" else {})})


def given_copies(comparison):
    """Copies of which only the histograms are known."""
    table = columns_of(output(comparison, 1))
    return [{"domains": sum(values), "size_histogram": values} for name, values in table.items() if name.startswith("Copy ")]


def injections_of(sensitivity):
    return list({identity(source): source for source, _ in inputs_of(sensitivity) if kind(source) == "InjectOrder"}.values())


def planted_species(sensitivity):
    return ", ".join(sorted({planted_name(each.Species, each.Period) for each in injections_of(sensitivity)}))


def sensitivity_of(sensitivity):
    return sensitivity_of_runs(sensitivity, injections_of(sensitivity))


def pictures():
    """The 3D views as they are, as (caption, bytes of a PNG)."""
    import tempfile
    from paraview import simple
    made = []
    with tempfile.TemporaryDirectory(prefix="csro-") as folder:
        for view in simple.GetViews():
            if kind(view) == "RenderView" and len(view.Representations):
                path = os.path.join(folder, "view.png")
                simple.SaveScreenshot(path, view, OverrideColorPalette="WhiteBackground")
                with open(path, "rb") as file:
                    made.append((f"3D view{f' {len(made) + 1}' if made else ''} of the window.", file.read()))
    return made
