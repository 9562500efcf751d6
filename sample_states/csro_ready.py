"""What the ready pipelines show: each is a function, which the state file of its name calls (File > Load State, or pvpython). The
filters are those of csro_pipeline.build."""

from types import SimpleNamespace

import csro_pipeline
from csro_compare_states import ERROR, read_columns, table_source
from csro_outputs import columns_of, output
from csro_pictures import empty_layout, new_view, show_domains, show_sizes
from csro_plugin import load_plugin

PAIRS = ("Co-Co", "Cr-Cr", "Ni-Ni")
SWEEPS = 400  # of Monte Carlo at each temperature, half as many before


def extracted(data=None, randomized=None):
    """Ions that were extracted elsewhere, beside those of a randomised copy, clustered and compared as published. Two files
    (x, y, z, Da as .csv or .pos); without them, ions extracted from a simulated specimen."""
    simple, apt = start()
    if data:
        both = [apt.APTReader(registrationName=name, FileName=file) for name, file in
                (("Extracted ions", data), ("Extracted from the copy", randomized))]
        domains = [apt.ClusterDomains(registrationName=name, Input=ions)
                   for name, ions in zip(("Domains", "Domains of the copy"), both)]
    else:
        chains = data_and_copy(simple, apt, "Ni-Ni", 0)
        domains = [only(chain.domains) for chain in chains]
        both = domains
    compared = apt.CompareDomains(registrationName="Comparison", Domains=domains[0], GivenCopies=[domains[1]])
    (left, right), (sizes,) = grid(simple, "Extracted ions", (0.7, "RenderView", "RenderView"), (0.3, "XYBarChartView"))
    for view, ions, found, name in ((left, both[0], domains[0], "Data"), (right, both[1], domains[1], "Randomised copy")):
        show_domains(simple, view, ions, found)
        label(simple, view, f"{name}: {count_of(found)}")
    show_sizes(simple, sizes, update(compared))
    sizes.ChartTitle = "Domain sizes: " + numbers_of(compared)
    finish(simple, left, right)


def beside_copy():
    """A simulated specimen and a randomised copy of it: Ni-Ni domains of both, and their sizes with the band of 19 copies."""
    simple, apt = start()
    data, copy = data_and_copy(simple, apt, "Ni-Ni", 19)
    (left, right), (sizes, curves) = grid(simple, "Data and copy", (0.7, "RenderView", "RenderView"),
                                          (0.3, "XYBarChartView", "XYChartView"))
    for view, chain, name in ((left, data, "Data"), (right, copy, "Randomised copy")):
        show_domains(simple, view, chain.ions, only(chain.domains))
        label(simple, view, f"{name}: {count_of(only(chain.domains))}")
    show_sizes(simple, sizes, only(data.comparison))
    draw(simple, curves, ((copy.curves, 1, "randomised copy"), (data.curves, 1, "data")), "dz_nm", "Ni-Ni",
         ("depth difference (nm)", "pairs per voxel", "Mean z-SDM of Ni-Ni"))
    finish(simple, left, right)


def methods():
    """The true domains of a simulated specimen beside those of the published chain and of Detect Order, and how well both do."""
    simple, apt = start()
    built = csro_pipeline.build(specimen(apt), pairs="Ni-Ni", copies=0, show=False)
    port = simple.OutputPort
    true = port(built.ions, 1)
    chain = apt.EvaluateDetection(registrationName="Published chain, judged", Input=built.classified,
                                  DomainIons=only(built.domains), TrueDomains=true, Domains=port(only(built.domains), 1), RankColumn="Size")
    order = apt.EvaluateDetection(registrationName="Detect Order, judged", Input=built.ordered, DomainIons=port(built.ordered, 1),
                                  TrueDomains=true, Domains=port(built.ordered, 2))
    views, (roc, ranked) = grid(simple, "Methods", (0.66, *("RenderView",) * 3), (0.34, "XYChartView", "XYChartView"))
    truth = simple.Threshold(registrationName="Ions of true domains", Input=built.ions, Scalars=["POINTS", "TrueDomainId"])
    truth.ThresholdMethod = "Above Upper Threshold"
    truth.UpperThreshold = 0
    numbered = simple.Calculator(registrationName="True domains", Input=truth, ResultArrayName="DomainId",
                                 Function="TrueDomainId")
    for view, found, name in ((views[0], numbered, f"True domains: {rows_of(built.ions, 1)}"),
                              (views[1], only(built.domains), f"Published chain: {rows_of(only(built.domains), 1)}"),
                              (views[2], port(built.ordered, 1), f"Detect Order: {rows_of(built.ordered, 2)}")):
        shown = simple.GetRepresentation(show_domains(simple, view, built.ions, found), view)
        if found is numbered:  # too many for colours of their own
            simple.ColorBy(shown, None)
            shown.AmbientColor = shown.DiffuseColor = [0.2, 0.4, 0.7]
        label(simple, view, name)
    draw(simple, roc, ((chain, 0, "published chain"), (order, 0, "Detect Order")), "FalsePositiveRate", "TruePositiveRate",
         ("voxels outside of domains", "voxels inside", "Shares of voxels found (ROC)"))
    roc.LegendLocation = "BottomRight"
    draw(simple, ranked, ((chain, 3, "published chain, largest first"), (order, 3, "Detect Order, most probable first")),
         "FDR", "Recall", ("false reports", "true domains", "Shares of domains found"))
    finish(simple, *views)


def figure3():
    """Domains of three pairs in the data and in a randomised copy, and their sizes: in the manner of Fig. 3 of the paper."""
    simple, apt = start()
    data, copy = data_and_copy(simple, apt, ",".join(PAIRS), 0)
    rows = grid(simple, "Figure 3", (0.35, *("RenderView",) * 3), (0.35, *("RenderView",) * 3), (0.3, *("XYBarChartView",) * 3))
    for row, chain, name in ((rows[0], data, "data"), (rows[1], copy, "randomised copy")):
        for view, pair in zip(row, PAIRS):
            members = show_domains(simple, view, chain.ions, chain.domains[pair])
            outline(simple, view, chain.ions, members)
            label(simple, view, f"{pair}, {name}: {count_of(chain.domains[pair])}")
    for view, pair in zip(rows[2], PAIRS):
        compared = apt.CompareDomains(registrationName=f"Comparison {pair}", Domains=data.domains[pair],
                                      GivenCopies=[copy.domains[pair]])
        show_sizes(simple, view, update(compared))
        view.ChartTitle = f"{pair}: mu {output(compared).GetColumnByName('Mu').GetValue(0):.2f}"
    finish(simple, *rows[0], *rows[1])


def figure1():
    """The conventional analyses, which see no order here: composition along z, frequency distribution and nearest neighbours, in
    the manner of Fig. 1 e-g of the paper, and the radial distribution."""
    simple, apt = start()
    ions = update(specimen(apt))
    shown = [(apt.Profile(registrationName="Composition along z", Input=ions), 0, "Composition along z")]
    shown += [(getattr(apt, name)(registrationName=title, Input=ions, Copies=19), 1, title) for name, title in (
        ("FrequencyDistribution", "Frequency distribution"), ("NearestNeighbours", "Nearest neighbours"),
        ("RadialDistribution", "Radial distribution"))]
    rows = grid(simple, "Figure 1", *((0.5, "XYChartView", "XYChartView"),) * 2)
    for view, (proxy, port, title) in zip((*rows[0], *rows[1]), shown):
        simple.Show(simple.OutputPort(update(proxy), port), view)  # as the plugin draws it
        view.ChartTitle = title
    simple.SetActiveView(rows[0][0])


def figure4(data=None):
    """States and repeats: number density, mu and largest size of the domains against the state, and mu against a measured property, in
    the manner of Fig. 4 c-e and g of the paper. `data` is states_data.csv of csro_batch.py --states, whose last column is the property;
    without it illustrative numbers."""
    simple, apt = start()
    columns = read_columns(data) if data else STATES_AND_REPEATS
    columns = {name: values for name, values in columns.items() if not name.endswith(ERROR)}
    names = list(columns)
    measures = [next(name for name in names if name.endswith(end)) for end in (" domains per m3", " mu", " largest")]
    source = table_source(simple, columns)
    simple.RenameSource("Data sets" if data else "Data sets (illustrative)", source)
    compared = update(apt.CompareStates(registrationName="Comparison", Input=source, PropertyColumn=names[-1]))
    states = columns_of(output(compared))
    rows = grid(simple, "Figure 4", *((0.5, "XYChartView", "XYChartView"),) * 2)
    for view, measure in zip((*rows[0], *rows[1]), (*measures, None)):
        against = names[-1] if measure is None else None
        measure = measure or measures[1]
        draw_measure(simple, view, states, measure, against)
        if against:
            found = columns_of(output(compared, 2))
            row = found["Quantity"].index(measure)
            view.ChartTitle = f"{measure}: R = {found['R'][row]:.2f} (95 %: {found['RLow'][row]:.2f} to {found['RHigh'][row]:.2f})"
        else:
            view.BottomAxisUseCustomLabels = 1
            view.BottomAxisLabels = [text for k, state in enumerate(states["State"]) for text in (str(k), state)]
            view.ChartTitle = measure
    simple.SetActiveView(rows[0][0])


def figure5():
    """Theory beside the experiment: heat capacity of an alloy with illustrative interactions, and the diffuse intensity of its order
    in a plane (001) and a plane (111), in the manner of Fig. 5 a, b of the paper."""
    simple, apt = start()
    cooled = apt.LatticeMonteCarlo(registrationName="Cooling", Cells=[8, 8, 8], Sweeps=SWEEPS,
                                   Equilibration=SWEEPS // 2, Temperatures=list(range(1000, 275, -25)))
    runs = apt.LatticeMonteCarlo(registrationName="Configurations, 900 K", Cells=[12, 12, 12], Sweeps=10, Temperatures=[900], Runs=16)
    diffuse = update(apt.DiffuseIntensity(registrationName="Diffuse intensity, 900 K", Input=simple.OutputPort(runs, 3), Symmetrise=1,
                                          Point001=[0, 0, 0], Point111=[0.5, 0.5, 0.5]))
    (heat,), planes = grid(simple, "Figure 5", (0.45, "XYChartView"), (0.55, "RenderView", "RenderView"))
    draw(simple, heat, ((cooled, 1, "heat capacity"),), "Temperature_K", "HeatCapacity_k",
         ("temperature (K)", "heat capacity (k per atom)", "Illustrative interactions, 2048 atoms"))
    add_series(simple, heat, cooled, 1, "Energy_eV", "energy (eV per atom, right)")
    heat.LegendLocation = "TopLeft"
    for view, port, pair, name in zip(planes, (1, 2), ("Ni_Ni", "Cr_Cr"), ("(001) through (0 0 0)", "(111) through (1/2 1/2 1/2)")):
        show_plane(simple, view, simple.OutputPort(diffuse, port), f"Intensity_{pair}")
        label(simple, view, f"{pair.replace('_', '-')}, {name}, 900 K")
    simple.SetActiveView(planes[0])


def l12():
    """Cu3Au-like alloy, from interactions to what an atom probe would see of its short-range order above the transition to L1_2."""
    theory_and_specimen("Cu3Au-like L1_2", "Au", "L1_2", list(range(1000, 475, -25)), 750)


def b2():
    """The same of an Fe-Al-like alloy above its transition to B2."""
    theory_and_specimen("Fe-Al-like B2", "Al", "B2", list(range(2000, 750, -50)), 1600)


def theory_and_specimen(interactions, species, structure, temperatures, kelvin):
    """Heat capacity and long-range order against temperature; at one temperature the diffuse intensity, a virtual specimen, and the
    order parameters of the configuration beside those recovered from the specimen."""
    simple, apt = start()
    cooled = apt.LatticeMonteCarlo(registrationName="Cooling", Interactions=interactions, Cells=[8, 8, 8], Sweeps=SWEEPS,
                                   Equilibration=SWEEPS // 2, Temperatures=temperatures)
    runs = apt.LatticeMonteCarlo(registrationName=f"Configurations, {kelvin} K", Interactions=interactions, Cells=[16, 16, 16],
                                 Sweeps=10, Temperatures=[kelvin], Runs=8)
    diffuse = update(apt.DiffuseIntensity(registrationName="Diffuse intensity", Input=simple.OutputPort(runs, 3), Symmetrise=1))
    specimen = apt.SimulateConfiguration(registrationName="Virtual specimen", Input=runs, Shape="Box", Width=[10, 10], Height=16)
    pair = f"{species}-{species}"
    true, found = (apt.OrderParameters(registrationName=f"Planes of the {name}", Input=ions, Species=species, By="Plane offsets",
                                       Copies=0) for name, ions in (("configuration", runs), ("specimen", specimen)))
    (heat, plane), (ions, order) = grid(simple, structure, (0.5, "XYChartView", "RenderView"), (0.5, "RenderView", "XYChartView"))
    draw(simple, heat, ((cooled, 1, "heat capacity (k per atom)"),), "Temperature_K", "HeatCapacity_k",
         ("temperature (K)", "", f"{interactions}, illustrative interactions"))
    add_series(simple, heat, cooled, 1, f"Order_{structure}_{species}", f"long-range order {structure}")
    show_plane(simple, plane, simple.OutputPort(diffuse, 1), f"Intensity_{pair.replace('-', '_')}")
    label(simple, plane, f"{pair}, (001) through (0 0 0), {kelvin} K")
    show_order(simple, ions, update(specimen))
    label(simple, ions, "Virtual specimen")
    draw(simple, order, ((true, 1, "configuration"), (found, 1, "virtual specimen")), "Planes", f"Alpha_{pair.replace('-', '_')}",
         ("planes between", "alpha", first_shell(apt, specimen, pair)))
    simple.SetActiveView(ions)


def first_shell(apt, specimen, pair):
    """alpha of the nearest neighbours, in the configuration and as it comes back from the ions."""
    true = columns_of(output(specimen, 1))
    distance = true["Distance_nm"][0]
    found = update(apt.OrderParameters(registrationName="First shell of the specimen", Input=specimen, Species=pair.split("-")[0],
                                       Radii=[0.85 * distance, 1.15 * distance], Shells=1, Copies=0))
    table = columns_of(output(found))
    row = table["Pair"].index(pair)
    return (f"alpha of {pair} neighbours: {true['Alpha'][true['Pair'].index(pair)]:.3f}, in the specimen "
            f"{table['Alpha'][row]:.3f} \u00b1 {table['StandardError'][row]:.3f}")


# --- pieces ---

# Three data sets of each state; the numbers are made up.
STATES_AND_REPEATS = {
    "State": ["quenched"] * 3 + ["600 C"] * 3 + ["800 C"] * 3,
    "Ni-Ni domains per m3": [1.9e24, 2.2e24, 2.0e24, 7.4e24, 6.6e24, 7.9e24, 4.1e24, 4.8e24, 4.3e24],
    "Ni-Ni mu": [0.11, 0.14, 0.12, 0.34, 0.30, 0.36, 0.22, 0.25, 0.21],
    "Ni-Ni largest": [61, 70, 66, 190, 171, 204, 124, 139, 118],
    "Resistivity (microohm cm)": [90.1, 90.6, 90.3, 105.2, 104.1, 105.9, 97.3, 98.4, 97.0]}


def start():
    from paraview import simple
    simple._DisableFirstRenderCameraReset()
    return simple, load_plugin()


def specimen(apt):
    return apt.SimulateRealisticAPT(registrationName="Specimen")


def data_and_copy(simple, apt, pairs, copies):
    """The chain of the specimen, and of a randomised copy of it."""
    data = csro_pipeline.build(specimen(apt), pairs=pairs, copies=copies, detect=False, show=False)
    ions = apt.RandomizeIons(registrationName="Randomised copy", Input=data.ions)
    copy = csro_pipeline.build(ions, pairs=pairs, copies=0, detect=False, show=False)
    for key, domains in copy.domains.items():
        simple.RenameSource(f"Domains {key} of the copy", domains)
    for proxy in (copy.quality, copy.pole, *copy.comparison.values(), *(() if copies else data.comparison.values())):
        simple.Delete(proxy)  # nobody looks at them
    return data, SimpleNamespace(ions=ions, curves=copy.curves, domains=copy.domains)


def only(entries):
    (entry,) = entries.values()
    return entry


def update(proxy):
    proxy.UpdatePipeline()
    return proxy


def numbers_of(compared):
    """PCC, chi2 and mu."""
    row = columns_of(output(compared))
    return f"PCC {row['PCC'][0]:.3f}, chi2 {row['Chi2'][0]:.1f}, mu {row['Mu'][0]:.3f}"


def rows_of(proxy, port):
    return output(update(proxy), port).GetNumberOfRows()


def count_of(domains):
    """As in "3 domains"."""
    count = rows_of(domains, 1)
    return f"{count} domain{'' if count == 1 else 's'}"


def grid(simple, name, *rows):
    """Views in rows: (share of the height, kind of view, ...). Returns them row by row."""
    layout = empty_layout(simple, name)
    made, cell, left = [], 0, 1.0
    for k, (height, *kinds) in enumerate(rows):
        place = cell
        if k < len(rows) - 1:
            place = layout.SplitVertical(cell, height / left)
            cell, left = place + 1, left - height
        made.append(row_of(simple, layout, place, kinds))
    return made


def row_of(simple, layout, cell, kinds):
    views = []
    for k, kind in enumerate(kinds):
        place = cell
        if k < len(kinds) - 1:
            place = layout.SplitHorizontal(cell, 1 / (len(kinds) - k))
            cell = place + 1
        views.append(new_view(simple, kind, layout, place))
    return views


def show_plane(simple, view, plane, array):
    """A plane of reciprocal space as a picture."""
    view.Background = [1, 1, 1]
    view.UseColorPaletteForBackground = 0
    shown = simple.Show(plane, view, "UniformGridRepresentation")
    shown.SetRepresentationType("Surface")
    simple.ColorBy(shown, ("POINTS", array))
    shown.RescaleTransferFunctionToDataRange(False, True)
    bar = simple.GetScalarBar(simple.GetColorTransferFunction(array), view)
    bar.Title, bar.ComponentTitle = "intensity (Laue units)", ""
    bar.TitleColor = bar.LabelColor = [0, 0, 0]
    shown.SetScalarBarVisibility(view, True)
    axes = view.AxesGrid
    axes.XTitleColor = axes.YTitleColor = axes.XLabelColor = axes.YLabelColor = axes.GridColor = [0, 0, 0]
    simple.ResetCamera(view)


def show_order(simple, view, ions):
    """Ions in the colours of the order around them."""
    view.Background = [1, 1, 1]
    view.UseColorPaletteForBackground = 0
    shown = simple.Show(ions, view)
    simple.ColorBy(shown, ("POINTS", "TrueOrder"))
    shown.RescaleTransferFunctionToDataRange(False, True)
    bar = simple.GetScalarBar(simple.GetColorTransferFunction("TrueOrder"), view)
    bar.Title, bar.ComponentTitle = "order around the ion", ""
    bar.TitleColor = bar.LabelColor = [0, 0, 0]
    shown.SetScalarBarVisibility(view, True)
    simple.ResetCamera(view)


def draw_measure(simple, view, states, measure, against):
    """The mean of each state as a point with the 95 % interval of the mean; against the number of the state, or against a property,
    which has an interval of its own."""
    count, nothing = len(states["State"]), float("nan")
    x = states[against] if against else [float(k) for k in range(count)]
    means = table_source(simple, {"x": x, measure: states[measure]})
    bars = {"x": [], "95 % of the mean": []}
    for k in range(count):
        ends = [(x[k], states[f"{measure} {end}"][k]) for end in ("low", "high")]
        if against:
            ends += [(nothing, nothing), *((states[f"{against} {end}"][k], states[measure][k]) for end in ("low", "high"))]
        for at, value in (*ends, (nothing, nothing)):
            bars["x"].append(at)
            bars["95 % of the mean"].append(value)
    intervals = table_source(simple, bars)
    for source, name, colour, line, marker in ((intervals, "95 % of the mean", "0.5", "1", "0"), (means, measure, "0.8", "0", "4")):
        simple.RenameSource(f"{view.ChartTitle or measure}: {'intervals' if line == '1' else 'means'}", source)
        shown = simple.Show(source, view)
        shown.UseIndexForXAxis = 0
        shown.XArrayName = "x"
        shown.SeriesVisibility = [name]
        shown.SeriesLabel = [name, "mean" if name == measure else name]
        shown.SeriesColor = [name, colour, "0.15" if name == measure else colour, "0.15" if name == measure else colour]
        shown.SeriesLineStyle = [name, line]
        shown.SeriesMarkerStyle = [name, marker]
        shown.SeriesMarkerSize = [name, "8"]
    view.BottomAxisTitle, view.LeftAxisTitle = against or "state", measure
    view.BottomAxisUseCustomRange = 1
    drawn = [value for value in bars["x"] if value == value]
    margin = 0.1 * (max(drawn) - min(drawn)) or 1
    view.BottomAxisRangeMinimum, view.BottomAxisRangeMaximum = min(drawn) - margin, max(drawn) + margin
    view.ShowLegend = 0


def outline(simple, view, ions, members):
    """A small picture: the box instead of the ions, larger spheres."""
    every = simple.GetRepresentation(ions, view)
    every.SetRepresentationType("Outline")
    every.AmbientColor = every.DiffuseColor = [0.4, 0.4, 0.4]
    every.Opacity = 1
    view.CameraPosition = [1.15 * eye - 0.15 * centre for eye, centre in zip(view.CameraPosition, view.CameraFocalPoint)]
    simple.GetRepresentation(members, view).GaussianRadius = 0.25


def label(simple, view, text):
    shown = simple.Show(simple.Text(registrationName=text, Text=text), view)
    shown.Color = [0, 0, 0]
    shown.FontSize = 16
    shown.WindowLocation = "Upper Center"


def draw(simple, view, tables, x, y, titles):
    """A column of several tables in one chart."""
    view.BottomAxisTitle, view.LeftAxisTitle, view.ChartTitle = titles
    for (proxy, port, name), colour in zip(tables, (("0.30", "0.30", "0.30"), ("0.80", "0.15", "0.15"))):
        update(proxy)
        shown = simple.Show(simple.OutputPort(proxy, port), view)
        shown.UseIndexForXAxis = 0
        shown.XArrayName = x
        shown.SeriesVisibility = [y]
        shown.SeriesLabel = [y, name]
        shown.SeriesColor = [y, *colour]
    view.ShowLegend = 1


def add_series(simple, view, proxy, port, y, name):
    """Another column of a table that is in the chart."""
    shown = simple.GetRepresentation(simple.OutputPort(proxy, port), view)
    shown.SeriesVisibility = [*shown.SeriesVisibility, y]
    shown.SeriesLabel = [*shown.SeriesLabel, y, name]
    shown.SeriesColor = [*shown.SeriesColor, y, "0.80", "0.15", "0.15"]


def finish(simple, first, *others):
    """Cameras move together."""
    for k, view in enumerate(others):
        simple.AddCameraLink(first, view, f"Cameras {k + 1}")
    simple.SetActiveView(first)
