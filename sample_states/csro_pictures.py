"""Views of the results: domains in 3D, histogram of domain sizes, mean z-SDM, mass spectrum. Used by csro_batch.py
(--render) and by make_state.py."""

import os

import csro_plugin
from csro_files import Failure
from csro_outputs import output
from csro_statistics import title_of

FAINTEST_OF_FEW = 0.12  # opacity of the ions around the domains
IONS_OF_A_HAZE = 25000  # of full opacity: as dark as more and fainter ones together


def show_domains(simple, view, ions, domains):
    """The domain ions coloured by domain inside the faint specimen; noise is hidden."""
    view.Background = [1, 1, 1]
    view.UseColorPaletteForBackground = 0
    view.OrientationAxesLabelColor = [0, 0, 0]
    # where several ranks draw one picture ParaView 5.11 loses spheres; nothing translucent there either
    alone = simple.servermanager.ActiveConnection.GetNumberOfDataPartitions() == 1
    every = simple.Show(ions, view, "GeometryRepresentation")
    every.SetRepresentationType("Points" if alone else "Outline")
    simple.ColorBy(every, None)
    every.AmbientColor = every.DiffuseColor = [0.45, 0.5, 0.6]
    every.PointSize = 1
    count = ions.GetDataInformation().GetNumberOfPoints()
    every.Opacity = min(FAINTEST_OF_FEW, IONS_OF_A_HAZE / max(count, 1)) if alone else 1
    view.DepthPeeling = 0  # ions of one colour look the same in any order, and are drawn once, not three or four times
    every.Pickable = 0  # domains are picked

    simple.Delete(simple.Show(domains, view))  # the plugin then gives the domains their colours
    members = simple.Threshold(registrationName="Domains without noise", Input=domains)
    members.Scalars = ["POINTS", "DomainId"]  # before the limits, which it sets
    members.ThresholdMethod = "Above Upper Threshold"
    members.UpperThreshold = 0
    members.UpdatePipeline()
    shown = simple.Show(members, view)
    shown.SetRepresentationType("Point Gaussian" if alone else "Points")
    shown.PointSize = 4
    shown.GaussianRadius = 0.12
    shown.ShaderPreset = "Sphere"
    simple.ColorBy(shown, ("POINTS", "DomainId"))
    shown.SetScalarBarVisibility(view, False)
    look_from_the_side(simple, view, ions)
    return members


def look_from_the_side(simple, view, ions):
    """The whole specimen upright, its top at the top."""
    x0, x1, y0, y1, z0, z1 = ions.GetDataInformation().GetBounds()
    center = [(x0 + x1) / 2, (y0 + y1) / 2, (z0 + z1) / 2]
    view.CameraViewUp = [0, 0, 1]
    view.CameraFocalPoint = center
    view.CameraPosition = [center[0], center[1] - 10, center[2]]
    view.CameraParallelProjection = 1
    simple.ResetCamera(view)


def has_counts(table, name):
    """Whether a column is there and not zero or undefined everywhere: a chart draws nothing of it then."""
    column = table.GetColumnByName(name)
    return column is not None and any(column.GetValue(row) > 0 for row in range(column.GetNumberOfTuples()))


def show_sizes(simple, view, compared):
    """Size histogram of the data with the band of the randomised copies, which the plugin draws, or beside a single
    copy."""
    table = compared.GetClientSideObject().GetOutputDataObject(1)
    view.BottomAxisTitle = "ions per domain"
    view.LeftAxisTitle = "domains"
    view.ChartTitle = "Domain sizes" + ("" if has_counts(table, "Data") else " (none in the data)")
    shown = simple.Show(simple.OutputPort(compared, 1), view)
    shown.UseIndexForXAxis = 0
    shown.XArrayName = "Size"
    shown.SeriesVisibility = ["Data"] if table.GetColumnByName("NullP95") else ["Data", "Copy 1"]
    shown.SeriesLabel = ["Data", "data", "Copy 1", "randomised copy"]
    shown.SeriesColor = ["Data", "0.80", "0.15", "0.15", "Copy 1", "0.6", "0.6", "0.6"]


def show_curves(simple, view, curves, pairs):
    """Mean z-SDMs."""
    view.BottomAxisTitle = "depth difference (nm)"
    view.LeftAxisTitle = "pairs per voxel"
    view.ChartTitle = "Mean z-SDM"
    shown = simple.Show(simple.OutputPort(curves, 1), view)
    shown.UseIndexForXAxis = 0
    shown.XArrayName = "dz_nm"
    table = curves.GetClientSideObject().GetOutputDataObject(1)
    shown.SeriesVisibility = drawn = [pair for pair in pairs if has_counts(table, pair)]
    view.ShowLegend = int(bool(drawn))


class AnalysisViews:
    """Views of what csro_pipeline.build makes: domains in the left half, sizes and mean z-SDM on the right; tables in a
    layout of their own."""

    def __init__(self, simple, built):
        self.simple = simple
        layout = empty_layout(simple, "CSRO")
        self.picture, self.sizes, curves = (new_view(simple, kind, layout, *place) for kind, *place in (
            ("RenderView", 0, "SplitHorizontal", 0.58), ("XYBarChartView", 2, "SplitVertical", 0.5),
            ("XYChartView", 6)))
        self.domains = list(built.domains.values())[0]
        show_domains(simple, self.picture, built.ions, self.domains)
        show_curves(simple, curves, built.curves, built.pairs)
        self.show()

    def show(self):
        self.simple.SetActiveView(self.picture)
        self.simple.SetActiveSource(self.domains)
        self.simple.RenderAllViews()

    def show_comparison(self, built):
        comparison = list(built.comparison.values())[0]
        show_sizes(self.simple, self.sizes, comparison)
        tables = self.simple.CreateLayout("Tables")
        tables.SplitVertical(0, 0.5)
        tables.SplitHorizontal(1, 0.5)
        tables.SplitHorizontal(2, 0.5)
        for cell, table, port in ((3, comparison, 0), (4, built.quality, 0), (5, self.domains, 1), (6, built.ordered, 2)):
            if table:
                view = new_view(self.simple, "SpreadSheetView", tables, cell)
                self.simple.Show(self.simple.OutputPort(table, port), view)
        if built.domains and output(self.domains, 1).GetNumberOfRows():
            view = new_view(self.simple, "XYChartView", self.simple.CreateLayout("Shapes"), 0)
            view.ChartTitle = "Shapes of domains"
            self.simple.Show(self.simple.OutputPort(self.domains, 1), view)
        self.show()


    def show_statistics(self, built):
        """Charts in a layout of their own, each drawn as the plugin draws it when its filter is applied."""
        drawn = [(proxy, 1, title_of(name)) for name, proxy in built.statistics.items()]
        drawn += [(*table, title_of(name)) for name, table in built.tables.items() if name.startswith(("profile_", "proximity_"))]
        if not drawn:
            return
        layout = self.simple.CreateLayout("Statistics")
        rows = -(-len(drawn) // 2)
        cell = 0
        for row in range(rows):
            place = cell
            if row < rows - 1:
                place = layout.SplitVertical(cell, 1 / (rows - row))
                cell = place + 1
            pair = drawn[2 * row:2 * row + 2]
            beside = layout.SplitHorizontal(place, 0.5) if len(pair) == 2 else place
            for k, (proxy, port, title) in enumerate(pair):
                view = new_view(self.simple, "XYChartView", layout, beside + k)
                view.ChartTitle = title
                self.simple.Show(self.simple.OutputPort(proxy, port), view)
        self.show()


def empty_layout(simple, name):
    """A layout without views: the first one of a new window, or a new one."""
    layouts = simple.GetLayouts()
    views = simple.GetViews()
    if len(layouts) == 1 and len(views) == 1 and not len(views[0].Representations):
        simple.Delete(views[0])
        layout = list(layouts.values())[0]
        simple.RenameLayout(name, layout)
        return layout
    return simple.CreateLayout(name)


def new_view(simple, kind, layout, cell, split=None, fraction=0.5):
    """A view in a cell of a layout, which is split before where there is more to come."""
    view = simple.CreateView(kind)
    if split:
        cell = getattr(layout, split)(cell, fraction)
    simple.AssignViewToLayout(view=view, layout=layout, hint=cell)
    return view


def show_spectrum(simple, view, spectrum):
    """The mass spectrum; colours and the logarithmic axis are those of the plugin."""
    simple.Show(spectrum, view)
    view.ChartTitle = "Mass spectrum"


def picture(simple, view, path, size):
    view.ViewSize = size
    simple.SaveScreenshot(path, view, ImageResolution=size, OverrideColorPalette="WhiteBackground")
    simple.Delete(view)
    if not is_whole_png(path):  # nobody is told of a full disk
        raise Failure(f"{os.path.basename(path)}: could not be written whole")


def is_whole_png(path):
    try:
        with open(path, "rb") as file:
            file.seek(-12, os.SEEK_END)
            return file.read() == b"\0\0\0\0IEND\xaeB`\x82"
    except OSError:
        return False


def draw(analysis, folder, file_name):
    """domains_<pair>.png, sizes_<pair>.png for each key of an analysis of csro_pipeline; zsdm.png, spectrum.png where
    the ions were not extracted elsewhere. file_name makes the name of a file of a key."""
    from paraview import simple
    simple._DisableFirstRenderCameraReset()
    is_whole = analysis.classified is not None
    if is_whole:
        apt = csro_plugin.load_plugin()
        view = simple.CreateView("XYChartView")
        show_spectrum(simple, view, apt.MassSpectrum(Input=analysis.ions))
        picture(simple, view, os.path.join(folder, "spectrum.png"), [900, 500])
    for key, domains in analysis.domains.items():
        name = file_name(key)
        view = simple.CreateRenderView()
        show_domains(simple, view, analysis.ions if is_whole else domains, domains)
        picture(simple, view, os.path.join(folder, f"domains_{name}.png"), [900, 1200])
        if analysis.results["pairs"][key]["copies"]:
            view = simple.CreateView("XYBarChartView")
            show_sizes(simple, view, analysis.comparison[key])
            picture(simple, view, os.path.join(folder, f"sizes_{name}.png"), [900, 600])
    if is_whole:
        view = simple.CreateView("XYChartView")
        pairs = {pair for pairs in analysis.pairs.values() for pair in pairs}
        show_curves(simple, view, analysis.curves, sorted(pairs))
        picture(simple, view, os.path.join(folder, "zsdm.png"), [900, 600])
