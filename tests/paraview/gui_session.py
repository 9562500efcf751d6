"""Runs inside the ParaView window (--script): the sample state, then a pipeline of defaults as Apply
shows it. Writes a picture and, when all holds, the file that test_gui.py waits for."""
import math
import os
import struct
import traceback

from paraview import simple

folder = os.environ['CSRO_GUI_FOLDER']


def check(condition, text):
    if not condition:
        raise AssertionError(text)


def equal(found, expected):
    check(found == expected, f'found {found}, expected {expected}')


def rows(source, port):
    source.UpdatePipeline()
    return simple.OutputPort(source, port).GetDataInformation().GetNumberOfRows()


def visible(view):
    return [r for r in view.Representations if getattr(r, 'Visibility', 0) and hasattr(r, 'Input')]


def check_state():
    simple.LoadState(os.environ['CSRO_STATE'])
    types = sorted(view.GetXMLName() for view in simple.GetViews())
    equal(types, ['RenderView'] + ['SpreadSheetView'] * 4 + ['XYBarChartView'] + ['XYChartView'] * 2)
    for view in simple.GetViews():
        check(visible(view), f'{view.GetXMLName()} of the state is empty')
    simple.RenderAllViews()
    check(rows(simple.FindSource('Domains Ni-Ni'), 1) > 0, 'the state has no domains')
    simple.SaveScreenshot(os.path.join(folder, 'state.png'), simple.GetLayoutByName('CSRO'))
    simple.ResetSession()


def labels(array):
    return list(simple.GetColorTransferFunction(array).Annotations)


def check_opening():
    """A file that is opened brings the range file beside it, with its names and colours."""
    path = os.path.join(folder, 'ions.pos')
    with open(path, 'wb') as file:
        for i in range(200):
            file.write(struct.pack('>4f', i % 7, i % 5, i % 3, 58 if i % 2 else 16))
    ranges = os.path.join(folder, 'IONS.RRNG')
    with open(ranges, 'w') as file:
        file.write('[Ions]\nNumber=3\nIon1=Ni\nIon2=O\nIon3=W\n[Ranges]\nNumber=3\n'
                   'Range1=57 59 Ni:1 Color:00FF00\nRange2=15 17 O:1 Color:FF0000\nRange3=182 186 W:1 Color:767676\n')
    view = simple.CreateRenderView()
    ions = simple.OpenDataFile(path)
    equal((type(ions).__name__, ions.RangesFileName), ('APTReader', ranges))
    shown = simple.Show(ions, view)
    equal((shown.Representation, list(shown.ColorArrayName)), ('Points', ['POINTS', 'Species']))
    # upright from the side, with axes; few ions are large; nothing to colour by but arrays of ions
    equal((list(view.CameraViewUp), view.CameraPosition[2], view.CameraParallelProjection),
          ([0, 0, 1], view.CameraFocalPoint[2], 1))
    check(view.CameraPosition[1] < view.CameraFocalPoint[1], 'the camera is not in front')
    equal((view.AxesGrid.Visibility, view.AxesGrid.ZTitle), (1, 'depth z (nm)    '))
    equal(shown.PointSize, 5)
    equal(set(arrays(shown)) & {'SpeciesNames', 'SpeciesColors', 'SpeciesCompositions'}, set())
    view.UseColorPaletteForBackground = 0
    view.Background = [1, 1, 1]
    equal(list(view.AxesGrid.ZLabelColor), [0, 0, 0])
    view.Background = [0, 0, 0]
    equal(list(view.AxesGrid.ZLabelColor), [1, 1, 1])
    # unranged ions are faint, and of another grey than tungsten
    equal(labels('Species'), ['0', 'unranged', '1', 'Ni', '2', 'O', '3', 'W'])
    painted = list(simple.GetColorTransferFunction('Species').IndexedColors)
    equal(painted[3:9], [0, 1, 0, 1, 0, 0])
    check(abs(painted[0] - painted[9]) > 0.15, painted)
    check(abs(painted[0] - 0.34) < 0.3, painted)  # the background
    simple.ResetSession()


def arrays(shown):
    """What a display may be coloured by."""
    domain = shown.GetProperty('ColorArrayName').GetDomain('array_list')
    return [domain.GetString(i) for i in range(domain.GetNumberOfStrings())]


def check_defaults():
    """What a user gets who presses Apply: nothing is set but the inputs."""
    view = simple.CreateRenderView()
    ions = simple.SimulateAPT(Height=20)
    shown = simple.Show(ions, view)
    equal((shown.Representation, list(shown.ColorArrayName)), ('Points', ['POINTS', 'Species']))
    equal(labels('Species')[1::2], ['unranged', 'Co', 'Cr', 'Ni', 'H'])
    voxels = simple.VoxelizeAPT(Input=ions)
    equal(simple.Show(voxels, view).Representation, 'Outline')
    curves = simple.ComputeZSDM(Input=ions, Voxels=voxels)
    chart = check_chart('XYChartView', curves, 1, 'dz_nm', {'Co-Co', 'Cr-Cr', 'Ni-Ni'})
    equal(simple.GetActiveView().BottomAxisTitle, 'depth difference (nm)')
    species = simple.GetColorTransferFunction('Species')
    painted, colors = colors_of(chart), list(species.IndexedColors)
    for label, name in enumerate(labels('Species')[1::2]):  # the hue of the species, not too bright
        if name + '-' + name in painted:
            color = colors[3 * label:3 * label + 3]
            share = painted[name + '-' + name][0] / max(color[0], 0.01) if color[0] > 0.1 else None
            for own, mine in zip(color, painted[name + '-' + name]):
                check(share is None or abs(own * share - mine) < 0.02, f'{name}: {painted}, {color}')
    classified = simple.ClassifyCSRO(Input=curves)
    classified.UpdatePipeline()
    shown = simple.Show(classified, view)
    equal(shown.Representation, 'Isosurface')
    equal([name for name in arrays(shown) if name.startswith(('CSRO_', 'zSDM_Bin', 'Species'))], [])
    domains = simple.ClusterDomains(Input=ions, Pixels=simple.OutputPort(classified, 1))
    equal(domains.ScoreArray, 'Score_CSRO_Ni_Ni')  # the specimen's domains are of nickel
    shown = simple.Show(domains, view)
    equal((shown.Representation, list(shown.ColorArrayName)),
          ('Point Gaussian', ['POINTS', 'DomainId']))
    equal(labels('DomainId')[:2], ['-1', 'noise'])
    equal(len(labels('DomainId')), 2 * (rows(domains, 1) + 1))
    check_apart(domains)
    check_chart('XYBarChartView', domains, 2, 'Size', {'Domains'})
    shapes = check_chart('XYChartView', domains, 1, 'AspectRatio', {'Oblateness'})
    equal(shapes.SMProxy.GetXMLName(), 'MarkedChartRepresentation')
    styles = list(shapes.SeriesLineStyle)
    equal(styles[styles.index('Oblateness') + 1], '0')
    check_ranging(ions, view)
    compared = simple.CompareDomains(Domains=domains, Ions=ions, Copies=2)
    equal(check_chart('XYBarChartView', compared, 1, 'Size', {'Data'}).SMProxy.GetXMLName(), 'SizeChartRepresentation')
    equal(rows(compared, 0), 1)
    evaluated = simple.EvaluateDetection(Input=classified, DomainIons=domains,
                                         TrueDomains=simple.OutputPort(ions, 1), DiameterEdges=[2])
    equal(evaluated.ProbabilityArray, 'P_CSRO_Ni_Ni')
    sizes = ['below 2 nm', '2 nm and more']
    check_chart('XYChartView', evaluated, 0, 'FalsePositiveRate',
                {'TruePositiveRate'} | {'TruePositiveRate ' + size for size in sizes})
    check_chart('XYChartView', evaluated, 1, 'MeanProbability', {'TrueShare'})
    check_chart('XYChartView', evaluated, 3, 'Reports',
                {'FDR', 'Recall'} | {'Recall ' + size for size in sizes})
    simple.Render(view)


def check_apart(domains):
    """The nearest two neighbours of each domain have other colours."""
    table = domains.GetClientSideObject().GetOutputDataObject(1)
    centers = [[table.GetColumnByName(f'Center{axis}_nm').GetValue(i) for axis in 'XYZ'] for i in range(table.GetNumberOfRows())]
    colors = list(simple.GetColorTransferFunction('DomainId').IndexedColors)[3:]
    shown = [tuple(colors[3 * i:3 * i + 3]) for i in range(len(centers))]
    check(len(centers) > 10 and len(set(shown)) == 7, f'{len(centers)} domains in {len(set(shown))} colours')
    for i, center in enumerate(centers):
        near = sorted(range(len(centers)), key=lambda j: math.dist(center, centers[j]))[1:3]
        check(all(shown[j] != shown[i] for j in near), f'domain {i} has the colour of a neighbour')


def colors_of(chart):
    """Colours of a chart's series by name."""
    words = list(chart.SeriesColor)
    return {words[i]: [round(float(value), 2) for value in words[i + 1:i + 4]]
            for i in range(0, len(words), 4)}


def write_ranges(name, ranges):
    path = os.path.join(folder, name)
    with open(path, 'w') as file:
        file.write('[Ranges]\n' + '\n'.join(ranges) + '\n')
    return path


def check_ranging(ions, view):
    """Other ranges bring their colours to the legend of the ions and to the mass spectrum."""
    ranged = simple.RangeIons(Input=ions)
    shown = simple.Show(ranged, view)
    equal((shown.Representation, list(shown.ColorArrayName)), ('Points', ['POINTS', 'Species']))
    equal(rows(ranged, 1), 4)
    spectrum = simple.MassSpectrum(Input=ranged)
    chart = check_chart('XYChartView', spectrum, 0, 'MassToCharge_Da',
                        {'All ions', 'Co', 'Cr', 'Ni', 'H'})
    chart_view = simple.GetActiveView()
    equal((chart_view.LeftAxisLogScale, chart_view.BottomAxisTitle), (1, 'mass-to-charge (Da)'))
    simple.ResetCamera(chart_view)  # as Apply does
    equal((chart_view.LeftAxisUseCustomRange, chart_view.LeftAxisRangeMinimum), (1, 0.5))
    chart_view.LeftAxisUseCustomRange = 0
    equal(chart_view.LeftAxisUseCustomRange, 1)
    highest = chart_view.LeftAxisRangeMaximum
    ranged.RangesFileName = write_ranges('other.rrng', [
        'Range1=28 31 Fe:1 Color:FF0000', 'Range2=25 27 Cr:1 Color:0000FF',
        'Range3=150 151 Zr:1 Color:00FF00'])
    spectrum.BinWidth = 0.5
    spectrum.UpdatePipeline()
    painted = colors_of(chart)
    equal((painted['Fe'], painted['Cr']), ([1, 0, 0], [0, 0, 1]))
    equal(set(chart.SeriesVisibility) & {'Fe', 'Cr', 'Zr'}, {'Fe', 'Cr'})  # no Zr was found
    check(chart_view.LeftAxisRangeMaximum > highest, 'the axis does not follow the peaks')
    ranged.UpdatePipeline()
    equal(labels('Species')[1::2], ['unranged', 'Fe', 'Cr', 'Zr'])
    chart.SeriesColor = ['Fe', '0', '1', '0']  # what the user has chosen stays
    spectrum.BinWidth = 0.1
    spectrum.UpdatePipeline()
    equal(colors_of(chart)['Fe'], [0, 1, 0])


def check_chart(view_type, source, port, axis, series):
    shown = simple.Show(simple.OutputPort(source, port), simple.CreateView(view_type))
    equal((shown.XArrayName, shown.UseIndexForXAxis), (axis, 0))
    view = simple.GetActiveView()
    check(view.BottomAxisTitle and view.LeftAxisTitle, f'no titles of axes over {axis}')
    equal(set(shown.SeriesVisibility), series)
    return shown


def name_of(chart, series):
    """What the legend calls it."""
    return dict(zip(*[iter(chart.SeriesLabel)] * 2))[series]


def check_told_apart(chart, lines):
    """No two in one colour, none black."""
    painted = [tuple(colors_of(chart)[name]) for name in lines]
    check(len(set(painted)) == len(lines) and (0, 0, 0) not in painted, painted)
    equal(chart.SMProxy.GetXMLName(), 'MarkedChartRepresentation')


def check_clusters():
    """Copies have the colours of what they are copies of, dashed; a composition the names of its elements; a plane of
    reciprocal space colours of its own, from its own least to its own most."""
    ions = simple.SimulateAPT(Shape='Box', Width=[6, 6], Height=6)
    chart = check_chart('XYChartView', simple.ClusterSweep(Input=ions, Steps=2, Copies=1), 0, 'Distance_nm',
                        {kind + str(size) for kind in ('Clusters of ', 'CopiesMean of ') for size in (5, 10, 20)})
    check_told_apart(chart, ['Clusters of 5', 'Clusters of 10', 'Clusters of 20'])
    equal(colors_of(chart)['CopiesMean of 5'], colors_of(chart)['Clusters of 5'])
    equal(dict(zip(*[iter(chart.SeriesLineStyle)] * 2))['CopiesMean of 5'], '2')
    equal(name_of(chart, 'CopiesMean of 5'), 'copies, at least 5')
    composition = simple.Composition(Input=ions, Background='None')
    chart = simple.Show(composition, simple.CreateView('XYBarChartView'))
    equal((chart.UseIndexForXAxis, list(chart.SeriesVisibility), simple.GetActiveView().LeftAxisTitle),
          (1, ['Fraction_All'], 'fraction'))
    equal(chart.SMProxy.GetXMLName(), 'SizeChartRepresentation')
    atoms = simple.LatticeMonteCarlo(Interactions='Cu3Au-like L1_2', Cells=[4, 4, 4], Temperatures=[900], Sweeps=10)
    diffuse = simple.DiffuseIntensity(Input=atoms)
    controller = simple.servermanager.vtkSMParaViewPipelineControllerWithRendering()
    for port in 1, 2:
        view = controller.ShowInPreferredView(diffuse.SMProxy, port, None)
        shown = simple.GetRepresentation(simple.OutputPort(diffuse, port), simple.servermanager._getPyProxy(view))
        name = shown.ColorArrayName[1]
        least, most = simple.OutputPort(diffuse, port).GetDataInformation().GetArrayInformation(name, 0).GetComponentRange(0)
        points = list(shown.LookupTable.RGBPoints)
        equal((shown.UseSeparateColorMap, points[0]), (1, least))
        check(most / 200 < points[-4] <= most, (points[-4], most))
    # ions have no place among planes
    view = controller.ShowInPreferredView(simple.SimulateAPT(Height=4).SMProxy, 0, view)
    check(not any(each.Input.SMProxy == diffuse.SMProxy for each in visible(simple.servermanager._getPyProxy(view))), 'ions among planes')


def check_training():
    bank = simple.PatternBank(Limit=60)
    equal(views(bank), ['None', 'XYChartView'])
    check_chart('XYChartView', bank, 1, 'dz_nm', {'FCC Co-Co', 'CSRO Co-Co'})
    trained = simple.TrainClassifier(Input=bank, ModelFile=os.path.join(folder, 'model.xml'),
                                     Folds=2, Epochs=1)
    equal(views(trained), ['XYChartView', 'XYChartView', 'SpreadSheetView', 'None'])
    lines = {'Loss', 'ValidationLoss', 'Accuracy', 'ValidationAccuracy'}
    chart = check_chart('XYChartView', trained, 0, 'Epoch', lines)
    check_told_apart(chart, lines)
    equal(name_of(chart, 'ValidationLoss'), 'loss, validation')
    check_chart('XYChartView', trained, 1, 'FalsePositiveRate', {'TruePositiveRate'})
    check_chart('XYChartView', trained, 3, 'MeanProbability', {'OrderedShare'})


def check_theory():
    """Energy on the axis on the right, heat capacity and what order there is on the left."""
    cooled = simple.LatticeMonteCarlo(Interactions='Cu3Au-like L1_2', Cells=[4, 4, 4], Temperatures=[900, 300], Equilibration=100,
                                      Sweeps=100)
    shown = simple.Show(simple.OutputPort(cooled, 1), simple.CreateView('XYChartView'))
    view = simple.GetActiveView()
    equal((shown.SMProxy.GetXMLName(), shown.XArrayName, view.RightAxisTitle),
          ('MarkedChartRepresentation', 'Temperature_K', 'energy (eV per atom)'))
    check({'Energy_eV', 'HeatCapacity_k', 'Order_L1_2_Au'} <= set(shown.SeriesVisibility) and
          not any('StandardError' in name for name in shown.SeriesVisibility), list(shown.SeriesVisibility))


def views(source):
    """What Apply opens for each output."""
    source.UpdatePipeline()
    controller = simple.servermanager.vtkSMParaViewPipelineControllerWithRendering()
    return [controller.GetPreferredViewType(source.SMProxy, port)
            for port in range(source.SMProxy.GetNumberOfOutputPorts())]


try:
    check_state()
    check_opening()
    check_defaults()
    check_training()
    check_clusters()
    check_theory()
    text = 'ok'
except BaseException:  # whatever it was, the test shows it
    text = traceback.format_exc()
with open(os.path.join(folder, 'result.part'), 'w') as file:
    file.write(text)
os.rename(os.path.join(folder, 'result.part'), os.path.join(folder, 'result'))
os._exit(0)
